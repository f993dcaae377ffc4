import type { Campaign, Verdict } from './campaign.ts';
import type { Case } from './cases.ts';
import { generatedHistory } from './generate.ts';
import type { Guard } from './guards.ts';
import type { Act, History } from './history.ts';
import type { PipelineName } from './pipelines.ts';
import type { CallNote } from './play.ts';
import { cancelledHistory, plainHistory, prelude, replayedHistory, struckAtEveryEffect } from './systematic.ts';
import { inGroups, isAlike, struckIn, type Together, together } from './together.ts';

/** A history that did not end as it must. */
export interface Failure {
  readonly name: string;
  readonly history: History;
  readonly broken: readonly string[];
}

/** What came of many histories. */
export interface Tally {
  histories: number;
  /** Calls that were made in them. */
  calls: number;
  /** Writes, sends and calls of the systematic set that were struck before and after. */
  effects: number;
  /** Histories of the systematic set for which there was no time. */
  left: number;
  /** Functions killed, and requests and answers lost, in histories that held. */
  survived: number;
  readonly failures: Failure[];
}

export const emptyTally = (): Tally => ({ histories: 0, calls: 0, effects: 0, left: 0, survived: 0, failures: [] });

/** Plays every effect of a run, and of one that is cancelled, with what can happen to it, until it is `over`. */
export async function playSystematic(
  campaign: Campaign,
  pipeline: PipelineName,
  tally: Tally,
  isOver: () => boolean = () => false,
): Promise<void> {
  const plain = plainHistory(pipeline);
  const clean = await campaign.judge(plain);
  note(tally, { name: `${pipeline}, nothing`, history: plain }, clean, mustComplete(clean, pipeline));
  const before = prelude(pipeline);
  const start = before ? (await campaign.judge(before)).calls.length : 0;
  const middle = start + ((clean.calls.length - start) >> 1);
  const cancelled = cancelledHistory(pipeline, middle);
  // Replays are the same wherever rows have come from.
  const replayed = pipeline === 'solo' ? [[replayedHistory(pipeline), clean.calls.length] as const] : [];
  for (const [base, from] of [[plain, start] as const, [cancelled, middle] as const, ...replayed]) {
    const { calls } = base === plain ? clean : await campaign.judge(base);
    const end = base === cancelled ? calls.length - (clean.calls.length - start) : calls.length;
    const struck = struckAtEveryEffect(base, calls, [from, end]);
    tally.effects += struck.effects;
    const kind = base === plain ? pipeline : `${pipeline}, ${base === cancelled ? 'cancelled' : 'replayed'}`;
    const further = base === cancelled ? () => [] : (verdict: Verdict) => mustComplete(verdict, pipeline);
    for (const group of spread(inGroups(struck.histories, calls))) {
      if (isOver()) tally.left += group.length;
      else await playTogether(campaign, { group, calls, kind, further }, tally);
    }
  }
}

interface GroupOf {
  readonly group: Together;
  /** Those of the history in which nothing is struck. */
  readonly calls: readonly CallNote[];
  readonly kind: string;
  readonly further: (verdict: Verdict) => readonly string[];
}

/** Plays several strikes in one history; a later one alone, too, where what it strikes did not come as without the first. */
async function playTogether(campaign: Campaign, { group, ...others }: GroupOf, tally: Tally): Promise<void> {
  const { calls, kind, further } = others;
  const history = together(group, calls);
  const verdict = await campaign.judge(history);
  const isMissed = (one: History) => !verdict.struck.some((call) => isAlike(call, struckIn(one, calls)));
  const missed = group.slice(1).filter(isMissed);
  const what = group.map((one) => describe(one, calls));
  const name = `${kind}, ${what.join(' and ')}`;
  note(tally, { name, history, missed: missed.length }, verdict, further(verdict));
  for (const one of missed) await playTogether(campaign, { ...others, group: [one] }, tally);
}

function describe(history: History, calls: readonly CallNote[]): string {
  const { operation, about } = struckIn(history, calls);
  return `${history.mishaps.at(-1)!.what} ${operation} of ${about}`;
}

/** From all over the list first, for there may be no time for all. */
function spread<Item>(items: readonly Item[]): readonly Item[] {
  const step = 5;
  return Array.from({ length: step }, (_, from) => items.filter((_, index) => index % step === from)).flat();
}

/** Which seeds are played. */
export interface Seeds {
  readonly from: number;
  readonly count: number;
  /** Only histories of this pipeline. Default: of all. */
  readonly only?: PipelineName;
}

/** So that the way over HTTP, which takes several times as long, is played in each pipeline. */
const seedsOfOneOverHttp = 100;

/** Plays the histories of so many seeds, those of one pipeline after each other, until it is `over`. */
export async function playRandom(
  campaign: Campaign,
  { from, count, only }: Seeds,
  tally: Tally,
  isOver: () => boolean = () => false,
): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  const all = seeds.map((seed) => ({ seed, history: generatedHistory(seed) }));
  const wanted = all.filter(({ history }) => only === undefined || history.pipeline === only);
  for (const ofPipeline of Map.groupBy(wanted, ({ history }) => history.pipeline).values()) {
    for (const { seed, history } of ofPipeline) {
      if (isOver()) return;
      const verdict = await campaign.judge(history, seed % seedsOfOneOverHttp === 0 ? { overHttp: true } : {});
      note(
        tally,
        { name: `seed ${seed}`, history },
        verdict,
        isQuiet(history) ? mustComplete(verdict, history.pipeline) : [],
      );
    }
  }
}

/** Whether nothing befalls its runs that they might fail of. The gate fails one whose rejects would empty a table. */
function isQuiet({ pipeline, mishaps, acts }: History): boolean {
  const isHarmless = (act: Act) => act.do === 'drop' && (pipeline !== 'replace' || act.rows.includes('good'));
  return mishaps.every(({ what }) => what === 'duplicate') && acts.every(isHarmless);
}

/** Plays a stored case: it holds as things are, and fails without its guard, where it is about one. */
export async function playCase(
  campaign: Campaign,
  { name, history, guard, ends }: Case & { readonly name: string },
  guards: readonly Guard[],
  tally: Tally,
): Promise<void> {
  const otherwise = (verdict: Verdict) =>
    ends === undefined || ends.join() === verdict.ends.join() ? [] : [`runs ended as ${verdict.ends.join(', ')}`];
  // How runs end may hang on how many tries they have. What HTTP adds, half of the time, no case is about but those whose
  // clocks are off, which go that way by themselves; of seeds, some of each pipeline do.
  const how = { cold: ends !== undefined };
  const held = await campaign.judge(history, how);
  note(tally, { name, history }, held, otherwise(held));
  if (guard === undefined) return;
  const missing = guards.find((one) => one.name === guard);
  if (!missing) throw new Error(`the case ${name} is about the guard "${guard}", which is none`);
  const verdict = await campaign.judge(history, { ...how, guard: missing });
  const isNoticed = verdict.broken.length > 0 || otherwise(verdict).length > 0;
  const broken = isNoticed ? [] : [`nobody notices where the guard "${guard}" is missing`];
  note(tally, { name: `${name}, without its guard`, history }, { ...verdict, broken }, []);
}

/** One mishap is what every run must get over by itself, but for those whose place a newer one takes. */
function mustComplete({ ends }: Verdict, pipeline: PipelineName): readonly string[] {
  const others = (pipeline === 'replacing' ? ends.slice(-1) : ends).filter((end) => end !== 'SUCCEEDED');
  return others.length === 0 && ends.length > 0 ? [] : [`runs ended as ${ends.join(', ') || 'none'}`];
}

/** @param missed mishaps of the history that befell nobody, and are played in another one */
function note(
  tally: Tally,
  { name, history, missed = 0 }: Omit<Failure, 'broken'> & { readonly missed?: number },
  verdict: Verdict,
  further: readonly string[],
): void {
  const broken = [...verdict.broken, ...further];
  tally.histories++;
  tally.calls += verdict.calls.length;
  if (broken.length > 0) tally.failures.push({ name, history, broken });
  else tally.survived += history.mishaps.filter(({ what }) => /^(kill|lose)/.test(what)).length - missed;
}
