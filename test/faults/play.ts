import type { InterceptedCall } from '../../local/cloud.ts';
import { Acts, type DroppedFile, type Mark } from './acts.ts';
import { awaited } from './awaited.ts';
import type { Guard } from './guards.ts';
import type { Act, Caller, History, Mishap, NamedCall } from './history.ts';
import { suffer } from './mishaps.ts';
import { random } from './random.ts';
import { Watch } from './watch.ts';
import { letWork } from './workers.ts';
import { assemblyOf } from './world/assemblies.ts';
import type { SimProcess } from './world/environments.ts';
import { resetWorld } from './world/reset-world.ts';
import type { HeldCall } from './world/scheduler.ts';
import { StreamPolls } from './world/stream-polls.ts';
import type { World } from './world/world.ts';

/** One call, as it was made. */
export interface CallNote {
  readonly by: Caller;
  /** Counted from 0 among the calls of its kind of callers. */
  readonly at: number;
  /** e.g. `s3:PutObject` */
  readonly operation: string;
  /** Who, and about what: for people to read. */
  readonly about: string;
  /** Of which invocation of a function it is. */
  readonly invocation?: number;
  /** Milliseconds since the history began. */
  readonly time: number;
}

/** What came of a history. */
export interface Played {
  readonly calls: readonly CallNote[];
  /** Those that a mishap was to befall. */
  readonly struck: readonly CallNote[];
  readonly dropped: readonly DroppedFile[];
  readonly started: readonly string[];
  readonly marks: readonly Mark[];
  /** What people have done and were not refused, by the words of the audit. */
  readonly acted: readonly string[];
  /** Ids of backfills that nobody goes on with. */
  readonly left: ReadonlySet<string>;
  /** What went wrong with the playing itself: no rest, a failing command. */
  readonly problems: readonly string[];
  readonly virtualSeconds: number;
}

/** Runs have a day of their own, and a person who is awaited an hour. */
const longestMilliseconds = 4 * 24 * 3600 * 1000;
const mostCalls = 20_000;

/** Plays a history in a world that nobody else is in, until everything has come to rest. */
export async function play(world: World, history: History, guard?: Guard): Promise<Played> {
  await resetWorld(world);
  const player = new Player(world, history, guard, await StreamPolls.begin(world));
  world.random = random(1);
  world.scheduler.holds = true;
  await letWork(world, history.workers);
  try {
    return await player.play();
  } finally {
    world.scheduler.holds = false;
    if (player.edition !== 0) await world.deployment.goOn(await assemblyOf(history.pipeline, 0));
  }
}

class Player {
  readonly #world: World;
  readonly #history: History;
  readonly #without: ReturnType<Guard['takenAway']> | undefined;
  readonly #problems: string[] = [];
  readonly #watch: Watch;
  readonly #acts: Acts;
  readonly #calls: CallNote[] = [];
  readonly #counts: Record<Caller, number> = { function: 0, service: 0, person: 0 };
  readonly #order: Iterator<number>;
  readonly #streams: StreamPolls;
  readonly #start: number;
  #upcoming: readonly Act[];
  readonly #struck: CallNote[] = [];
  /** Calls that named mishaps are about, and that acts wait for by name. */
  readonly #seen = new Map<Mishap | Act, number>();
  edition = 0;

  constructor(world: World, history: History, guard: Guard | undefined, streams: StreamPolls) {
    this.#world = world;
    this.#watch = new Watch(world, history.pipeline);
    this.#streams = streams;
    this.#start = world.clock.now();
    this.#history = history;
    this.#without = guard?.takenAway();
    this.#acts = new Acts(world, history.pipeline);
    this.#order = history.order[Symbol.iterator]();
    this.#upcoming = history.acts.toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  async play(): Promise<Played> {
    const { clock } = this.#world;
    const start = this.#start;
    while (await this.#step()) {
      const tooLong = clock.now() - start > longestMilliseconds || this.#calls.length > mostCalls;
      if (!tooLong) continue;
      this.#problems.push(`no rest after ${this.#calls.length} calls and ${(clock.now() - start) / 1000} s`);
      break;
    }
    // Nobody may have been waited for.
    const missed = this.#upcoming.filter(({ do: what }) => what !== 'decide');
    if (missed.length > 0) this.#problems.push(`it ended before ${JSON.stringify(missed)}`);
    const { dropped, started, marks, acted, left } = this.#acts;
    return {
      calls: this.#calls,
      struck: this.#struck,
      dropped,
      started,
      marks,
      acted,
      left,
      problems: [...this.#problems, ...this.#watch.problems, ...this.#acts.problems],
      virtualSeconds: (clock.now() - start) / 1000,
    };
  }

  /** False where there is nothing left to do. */
  async #step(): Promise<boolean> {
    const { clock, scheduler } = this.#world;
    await this.#world.untilRest();
    if (clock.nextDue !== undefined && clock.nextDue <= clock.now()) return clock.runNext();
    const acts = this.#upcoming.filter(({ do: what }) => what !== 'decide');
    // One that waits for a mishap need not wait for those that come much later.
    const act = acts.find((one) => this.#isDue(one)) ?? acts[0];
    if (act && this.#isDue(act)) return this.#begin(act);
    const messages = this.#world.view.messages();
    const ready = this.#ready(messages);
    if (ready.length > 0) {
      const choice = ready.length > 1 ? (this.#order.next().value ?? 0) : 0;
      this.#make(scheduler.take(ready[choice % ready.length]!));
      return true;
    }
    if (act && this.#isAtRest(messages)) return this.#begin(act);
    if (this.#isAtRest(messages)) return this.#goesOn();
    const decisions = this.#upcoming.filter(({ do: what }) => what === 'decide');
    if (decisions.length > 0 && (await awaited(this.#world)).length > 0) {
      for (const decision of decisions) await this.#begin(decision);
      return true;
    }
    if (await this.#world.stirs()) return true;
    this.#wakePolls(messages);
    if (clock.runNext()) return true;
    // Where nothing could be written, a poll from before the history still waits for it, and nothing else is to come.
    return act ? this.#begin(act) : this.#goesOn();
  }

  /** Whether somebody has to let a pipeline go on that has nothing more to do; then he does. */
  async #goesOn(): Promise<boolean> {
    return (await this.#isPaused()) && this.#begin({ after: 0, do: 'resume' });
  }

  async #begin(act: Act): Promise<true> {
    this.#upcoming = this.#upcoming.filter((one) => one !== act);
    if (act.do === 'deploy') this.edition = act.edition;
    const end = this.#acts.begin(act);
    // It takes the machine's time, and makes no call that waits for a turn.
    if (act.do === 'deploy') await end;
    return true;
  }

  /** Places of calls that can be made, oldest first. Whoever reads what was written comes last, and so finds much at once. */
  #ready(messages: ReadonlyMap<string, readonly number[]>): readonly number[] {
    const ready: number[] = [];
    const polls: number[] = [];
    for (const [index, held] of this.#world.scheduler.held.entries()) {
      if (this.#streams.isPoll(held.call)) {
        if (this.#streams.mayGetRecords) polls.push(index);
      } else if (this.#isReady(held, messages)) ready.push(index);
    }
    return [...ready, ...polls];
  }

  /** A poll is made when it would get something: made before, it would only wait, and let time pass in small pieces. */
  #isReady({ call }: HeldCall, messages: ReadonlyMap<string, readonly number[]>): boolean {
    const queue = polledQueue(call);
    return queue === undefined || messages.get(queue)!.some((visibleAt) => visibleAt <= this.#world.clock.now());
  }

  /** Time does not pass by itself to where a message comes into sight, because no poll waits for it. */
  #wakePolls(messages: ReadonlyMap<string, readonly number[]>): void {
    const { clock, scheduler } = this.#world;
    const polled = scheduler.held.flatMap(({ call }) => messages.get(polledQueue(call) ?? '') ?? []);
    const next = Math.min(...polled);
    if (next > clock.now() && next < (clock.nextDue ?? Number.POSITIVE_INFINITY))
      clock.after(next - clock.now(), () => {});
  }

  #isAtRest(messages: ReadonlyMap<string, readonly number[]>): boolean {
    const { view, environments, scheduler } = this.#world;
    if (view.isRunning || view.owed > 0 || environments.areAtWork || scheduler.underWay > 0) return false;
    if (this.#acts.areUnderWay || !this.#streams.areDone) return false;
    for (const [queue, waiting] of messages) if (waiting.length > 0 && !/DeadLetters/.test(queue)) return false;
    return true;
  }

  /** Of a person who pauses and one who resumes at the same moment, either may come second. */
  async #isPaused(): Promise<boolean> {
    const { acts, pipeline } = this.#history;
    if (!acts.some((act) => act.do === 'pause')) return false;
    const Key = { pk: { S: `STATE#${pipeline}` }, sk: { S: 'STATE' } };
    const TableName = this.#world.output('RunTableName');
    const { Item } = await this.#world.look('dynamodb', 'GetItem', { TableName, Key });
    return Item?.state.S === 'Paused';
  }

  #make({ call, release }: HeldCall): void {
    const by = callerOf(call);
    const at = this.#counts[by]++;
    const note: CallNote = {
      ...{ by, at, operation: `${call.service}:${call.operation}`, about: aboutOf(call) },
      ...(by === 'function' && { invocation: (call.principal.process as SimProcess).invocation }),
      time: this.#world.clock.now() - this.#start,
    };
    this.#calls.push(note);
    for (const act of this.#upcoming)
      if (typeof act.after === 'object' && isNamed(note, act.after)) this.#countedBefore(act);
    const mishap = this.#mishapOf(note);
    this.#streams.note(call);
    const without = this.#without;
    release(async (run) => {
      const make = without ? () => without(call, run) : run;
      try {
        const answer = await (mishap ? suffer(mishap.what, call, make) : make());
        await this.#watch.noteSuccess(call);
        return answer;
      } catch (error) {
        this.#streams.noteFailure(call);
        throw error;
      } finally {
        await this.#watch.noteMade(call);
      }
    });
  }

  #isDue(act: Act): boolean {
    const { after } = act;
    if (typeof after === 'object') return (this.#seen.get(act) ?? 0) > after.nth;
    return after === 'mishap' ? this.#struck.length > 0 : after <= this.#calls.length;
  }

  #mishapOf(note: CallNote): Mishap | undefined {
    const { by, at } = note;
    const found = this.#history.mishaps.find((one) => {
      if (one.by !== by || typeof one.at === 'number') return one.by === by && one.at === at;
      if (!isNamed(note, one.at)) return false;
      const seen = this.#countedBefore(one);
      return seen >= one.at.nth && seen < one.at.nth + (one.at.times ?? 1);
    });
    if (found) this.#struck.push(note);
    return found;
  }

  /** Counts one more. */
  #countedBefore(waiting: Mishap | Act): number {
    const seen = this.#seen.get(waiting) ?? 0;
    this.#seen.set(waiting, seen + 1);
    return seen;
  }
}

const isNamed = ({ operation, about }: CallNote, { call, of }: NamedCall) => call === operation && about.includes(of);

/** Those that wait for a mishap, or for a call of some name, come last. */
const placeOf = ({ after }: Act) => (typeof after === 'number' ? after : Number.MAX_SAFE_INTEGER);

function callerOf({ principal }: InterceptedCall): Caller {
  if (principal.process) return 'function';
  return principal.kind === 'root' ? 'person' : 'service';
}

/** A person who finds nothing wants to know that. */
function polledQueue(call: InterceptedCall): string | undefined {
  const { service, operation, input } = call;
  const isPoll = service === 'sqs' && operation === 'ReceiveMessage' && callerOf(call) !== 'person';
  return isPoll ? input.QueueUrl.split('/').at(-1) : undefined;
}

function aboutOf({ principal, input, resources }: InterceptedCall): string {
  const what = input?.Key ?? (input?.Item ?? input?.Key)?.sk?.S ?? input?.['detail-type'];
  const who = principal.arn.split('/').at(-1);
  return `${who} ${typeof what === 'object' ? JSON.stringify(what) : (what ?? resources()[0]?.split(':').at(-1) ?? '')}`;
}
