import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeadLetters } from '../../lib/aws/operate-dead-letters.ts';
import { hour, second } from '../../lib/core/durations.ts';
import { BackfillRefusedError } from '../../lib/core/errors/backfill-refused-error.ts';
import { CommitConflictError } from '../../lib/core/errors/commit-conflict-error.ts';
import { PipelineStateError } from '../../lib/core/errors/pipeline-state-error.ts';
import { RunMissingError } from '../../lib/core/errors/run-missing-error.ts';
import { RunStateError } from '../../lib/core/errors/run-state-error.ts';
import { CorrectionInvalidError } from '../../lib/engine/corrections.ts';
import { cancelBackfill } from '../../lib/runtime/backfill/cancel-backfill.ts';
import type { RunInput, TriggerMessage } from '../../lib/runtime/messages.ts';
import { acknowledgeRun } from '../../lib/runtime/operate/acknowledge-run.ts';
import { cancelRun } from '../../lib/runtime/operate/cancel-run.ts';
import { pausePipeline, resumePipeline } from '../../lib/runtime/operate/pause-pipeline.ts';
import { redriveRun } from '../../lib/runtime/operate/redrive-run.ts';
import { retryRun } from '../../lib/runtime/operate/retry-run.ts';
import type { ReviewDecision } from '../../lib/runtime/ports/run-store.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { expireTable } from '../../lib/runtime/table/expire-table.ts';
import { noteUpkeep } from '../../lib/runtime/table/note-upkeep.ts';
import { askAgain, plannedOf } from './ask-again.ts';
import { awaited } from './awaited.ts';
import { dayOf, growing, textOf, timeOfRow } from './growth.ts';
import { type Act, askedAgain, type Backfill, type RowKind } from './history.ts';
import { terminalClosed } from './mishaps.ts';
import { marker, type PipelineName, places } from './pipelines.ts';
import { random } from './random.ts';
import { replayOpen } from './replay-open.ts';
import { assemblyOf, planOf } from './world/assemblies.ts';
import { type Person, personOf } from './world/person.ts';
import type { World } from './world/world.ts';

/** A marker that has come. */
export interface Mark {
  readonly versionId: string;
  /** Files that had been dropped before. */
  readonly files: number;
}

/** A version of a file that was dropped. */
export interface DroppedFile {
  readonly key: string;
  readonly versionId: string;
  /** By id. */
  readonly rows: ReadonlyMap<number, RowKind>;
}

const untilAskedAgain = 20 * second;

const by = 'somebody';
/** Seed of the chances of the first file; that of the world itself is less. */
const firstOfFiles = 1000;
const refusals = [
  ...[RunStateError, RunMissingError, PipelineStateError, BackfillRefusedError, CorrectionInvalidError],
  CommitConflictError,
];
/** Of good rows, by what is left of their ids when divided by three. */
const cities = ['Rome', 'Oslo', 'Kiel'];

/** What rows are looked up in: each edition tells of the same places otherwise. */
const editionOfPlaces = (edition: number) =>
  `name,country\n${cities.map((city) => `${city},${countryOf(city, edition)}\n`).join('')}`;

export const countryOf = (city: string, edition: number) => `${edition} of ${city}`;

/** What people and time do to a pipeline in one history. */
export class Acts {
  readonly dropped: DroppedFile[] = [];
  /** Requests of runs by hand. */
  readonly started: string[] = [];
  /** Failures that commands are not to have. */
  readonly problems: string[] = [];
  /**
   * Ids of backfills that were left by who asked for them, or of which somebody has tried a run again, and that nobody has
   * gone on with.
   */
  readonly left = new Set<string>();
  /** Versions of markers that were put there, each with how many files had been dropped before. */
  readonly marks: Mark[] = [];
  /** What people have done and were not refused, and is in the audit by these names. */
  readonly acted: string[] = [];
  readonly #world: World;
  readonly #pipeline: PipelineName;
  #known: Person | undefined;
  readonly #began: number;
  #underWay = 0;
  #files = 0;
  #puts = 0;
  #edition = 0;

  constructor(world: World, pipeline: PipelineName) {
    this.#world = world;
    this.#pipeline = pipeline;
    this.#began = world.clock.now();
  }

  /** Whether a command has not come to its end yet. */
  get areUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** Begins an act, which goes on by itself. Resolves at its end. */
  begin(act: Act): Promise<void> {
    this.#underWay++;
    return this.#insist(act)
      .catch((error: unknown) => {
        // Too late, or too early: told to whoever asked, and nothing was changed.
        if (!refusals.some((kind) => error instanceof kind) && !isClosing(error as Error))
          this.problems.push(`${act.do}: ${(error as Error).stack}`);
      })
      .finally(() => {
        this.#underWay--;
      });
  }

  /** Whoever is cut short asks again, until nobody is: what befalls people in a history comes to an end. */
  async #insist(act: Act): Promise<void> {
    for (;;) {
      try {
        return await this.#perform(act);
      } catch (error) {
        if (!askedAgain.has(act.do) || !isClosing(error as Error)) throw error;
        await this.#world.clock.sleep(untilAskedAgain);
      }
    }
  }

  async #perform(act: Act): Promise<void> {
    const { environments, deployment } = this.#world;
    const pipeline = this.#pipeline;
    switch (act.do) {
      case 'drop':
        return this.#drop(act.key, act.rows);
      case 'mark': {
        const files = this.dropped.length;
        this.marks.push({ versionId: await this.#put(`landing/${pipeline}/${marker}`, ''), files });
        return;
      }
      case 'refer':
        await this.#put(places, editionOfPlaces(act.edition));
        return;
      case 'start':
        return this.#start();
      case 'time':
        return this.#tell(act.hoursAgo);
      case 'cancel':
      case 'retry':
      case 'redrive':
        return this.#operate(act.do, act.run);
      case 'decide':
        return this.#decide(act.decision);
      case 'acknowledge':
        return this.#acknowledge(act.run, act.by);
      case 'pause':
        await pausePipeline(this.#person, { pipeline, by });
        this.acted.push('pause');
        return;
      case 'resume':
        await resumePipeline(this.#person, { pipeline, by, machine: this.#machine });
        this.acted.push('resume');
        return;
      case 'backfill':
        return this.#backfill(act);
      case 'cancel backfill':
        return this.#cancelBackfills(dayOf(act.from));
      case 'redeliver':
        return this.#redeliver();
      case 'expire':
        return this.#expire(`${pipeline}_${act.table}`);
      case 'replay':
        return this.#replay(act.run, act.corrected);
      case 'deploy':
        this.#edition = act.edition;
        return deployment.goOn(await assemblyOf(pipeline, act.edition));
      case 'skew':
        environments.skew = act.minutes * 60_000;
    }
  }

  async #backfill(act: Backfill): Promise<void> {
    const plan = await planOf(this.#pipeline, this.#edition);
    const planned = plannedOf(plan, act, this.#world.clock.now());
    const { id } = planned.record;
    this.left.delete(id);
    try {
      await askAgain(this.#person, planned, { plan, by, ...this.#machine, parallel: act.parallel });
    } catch (error) {
      if (isClosing(error as Error)) this.left.add(id);
      throw error;
    }
  }

  /** Made when it is needed: in most histories nobody does anything but drop files. */
  get #person(): Person {
    this.#known ??= personOf(this.#world);
    return this.#known;
  }

  get #machine() {
    return { stateMachineArn: this.#world.output('MachineArn'), planDigest: this.#world.output('PlanDigest') };
  }

  async #drop(key: number, kinds: readonly RowKind[]): Promise<void> {
    const first = ++this.#files * 1000;
    const rows = new Map(kinds.map((kind, index) => [first + index, kind]));
    const grows = growing.has(this.#pipeline);
    const place = `landing/${this.#pipeline}/file ${key}.csv`;
    const all = grows ? new Map([...(this.dropped.at(-1)?.rows ?? []), ...rows]) : rows;
    const lines = [...all].map(
      ([id, kind]) => `${lineOf(id, kind)}${grows ? `,${textOf(timeOfRow(id, kind)).replace(' ', 'T')}Z` : ''}\n`,
    );
    const versionId = await this.#put(place, `id,city,n${grows ? ',at' : ''}\n${lines.join('')}`);
    this.dropped.push({ key: place, versionId, rows: all });
  }

  /**
   * The how many-th file it is decides about the id of its version, and so about the names of its runs, whatever else has
   * happened by then: what DuckDB makes of a file need then be computed once for all histories in which it comes.
   */
  async #put(Key: string, text: string): Promise<string> {
    const world = this.#world;
    const input = { Bucket: world.lake, Key, Body: Buffer.from(text) };
    const chances = world.random;
    world.random = random(firstOfFiles + this.#puts++);
    try {
      return (await world.look('s3', 'PutObject', input)).VersionId;
    } finally {
      world.random = chances;
    }
  }

  async #start(): Promise<void> {
    const requestId = `by-hand-${this.#world.clock.now()}-${this.started.length}`;
    // Before it is sent: where nobody was answered, it may have been.
    this.started.push(requestId);
    await this.#send({ trigger: { kind: 'manual', requestId } });
  }

  /** As the rule of a schedule would, which nobody waits for here. */
  #tell(hoursAgo: number): Promise<void> {
    const time = new Date(this.#began - hoursAgo * hour).toISOString().replace('.000Z', 'Z');
    return this.#send({ trigger: { kind: 'schedule', time }, schedule: { expression: 'rate(1 hour)' } });
  }

  async #send(part: Pick<TriggerMessage, 'trigger' | 'schedule'>): Promise<void> {
    const message: TriggerMessage = { pipeline: this.#pipeline, ...this.#machine, ...part };
    const MessageBody = JSON.stringify(message);
    await this.#person.sqs.send(
      new SendMessageCommand({ QueueUrl: this.#world.output('TriggerQueueUrl'), MessageBody }),
    );
  }

  async #operate(what: 'cancel' | 'retry' | 'redrive', index: number): Promise<void> {
    const execution = this.#world.view.executions()[index];
    if (execution === undefined) return;
    const request = { run: execution.name, by, ...this.#machine };
    const operations = { cancel: cancelRun, retry: retryRun, redrive: redriveRun };
    await operations[what](this.#person, request);
    const { trigger }: RunInput = JSON.parse(execution.input);
    if (trigger.kind === 'backfill' && what !== 'cancel') this.left.add(trigger.of);
    // Who tries again what somebody else has begun to try has not done it.
    if (what !== 'retry') this.acted.push(what);
  }

  async #acknowledge(index: number, name: string): Promise<void> {
    const run = this.#world.view.executions()[index]?.name;
    if (run !== undefined) await acknowledgeRun(this.#person, { run, by: name });
  }

  async #cancelBackfills(from: string): Promise<void> {
    const pipeline = this.#pipeline;
    const { stateMachineArn } = this.#machine;
    const open = (await this.#person.backfills.list(pipeline)).filter(({ state }) => state === 'Open');
    for (const { id } of open.filter((one) => one.from.startsWith(from))) {
      await cancelBackfill(this.#person, { pipeline, id, stateMachineArn, by });
      this.acted.push('cancel-backfill');
    }
  }

  async #expire(table: string): Promise<void> {
    const { tables, clock } = this.#person;
    if ((await tables.pointer(table)).metadata === undefined) return;
    const { versions, files } = await expireTable(this.#person, { table, before: clock.now(), keep: 1 });
    if (versions.length === 0) return;
    await noteUpkeep(this.#person, { table, action: 'expire', by, detail: { versions, files } });
    this.acted.push('expire');
  }

  async #redeliver(): Promise<void> {
    const { client } = this.#person;
    const letters = new DeadLetters({
      ...this.#person,
      events: new EventBridgeClient(client),
      sfn: new SFNClient(client),
      platform: 'penstock',
    });
    for (const queue of await letters.queues())
      for (const _ of await letters.redrive(queue, { by })) this.acted.push('redrive-dead-letter');
  }

  async #replay(index: number, corrected: boolean): Promise<void> {
    const name = this.#world.view.executions()[index]?.name;
    const run = name === undefined ? undefined : await this.#person.runs.find(name);
    if (run?.state === 'Completed') await replayOpen(this.#person, { run, corrected, by, ...this.#machine });
  }

  async #decide(decision: ReviewDecision): Promise<void> {
    for (const run of await awaited(this.#world)) await decideReview(this.#person, { run, decision, by });
  }
}

/** Whoever asked is gone. */
function isClosing({ name, cause }: Error): boolean {
  return name === terminalClosed || (cause instanceof Error && isClosing(cause));
}

function lineOf(id: number, kind: RowKind): string {
  const city = cities[id % cities.length];
  if (kind === 'bad') return `bad ${id},${city},1`;
  if (kind === 'nameless') return `${id},,7`;
  return `${id},${city},${kind === 'zero' ? 0 : id % 100 || 1}`;
}
