import { growing, lags } from './growth.ts';
import type { Act, History, Mishap } from './history.ts';
import type { PipelineName } from './pipelines.ts';
import type { CallNote } from './play.ts';

/** One file with rows of every kind, and a second one that comes while the first is worked on. */
const rows = ['good', 'zero', 'bad', 'good', 'nameless', 'good'] as const;

/** A history in which nothing goes wrong. */
export function plainHistory(pipeline: PipelineName): History {
  return { pipeline, acts: [...(prelude(pipeline)?.acts ?? []), ...begins(pipeline)], mishaps: [], order: [] };
}

/** What comes to its end before that of which each effect is struck; undefined where nothing needs to have been before. */
export function prelude(pipeline: PipelineName): History | undefined {
  if (!growing.has(pipeline)) return undefined;
  return { pipeline, acts: [{ after: 0, do: 'drop', key: 0, rows }], mishaps: [], order: [] };
}

/** When everything before has come to rest, and not earlier. */
const atRest = 1000;

/** One slice, of all rows; who asks once more goes on with it, or finds it done. */
const ask = (after: number): Act => ({ after, do: 'backfill', from: 0, to: 3, days: 3, parallel: 1 });

/** What it takes until a run begins. */
function begins(pipeline: PipelineName): readonly Act[] {
  const drop: Act = { after: 0, do: 'drop', key: 0, rows };
  if (pipeline === 'backfilled') return [ask(atRest), ask(2 * atRest)];
  if (growing.has(pipeline))
    return [{ ...drop, after: atRest, rows: [pipeline in lags ? 'late' : 'nameless', 'bad', 'good'] }];
  if (pipeline === 'counted') return [drop, { after: 0, do: 'drop', key: 1, rows: ['bad', 'good'] }];
  if (overlapping.has(pipeline))
    return [
      drop,
      { after: { call: 's3:PutObject', of: '-extract', nth: 0 }, do: 'drop', key: 1, rows: ['bad', 'good'] },
    ];
  if (pipeline === 'marked') return [drop, { after: 0, do: 'mark' }];
  if (pipeline === 'looked') return [{ after: 0, do: 'refer', edition: 1 }, drop];
  return [drop];
}

/** A history in which somebody cancels the run, and somebody tries it again, when so many calls have been made. */
export function cancelledHistory(pipeline: PipelineName, after: number): History {
  const plain = plainHistory(pipeline);
  const run = prelude(pipeline) ? 1 : 0;
  return {
    ...plain,
    acts: [...plain.acts, { after, do: 'cancel', run }, { after: after + atRest, do: 'retry', run }],
  };
}

/** A history in which somebody replays the rejects of a run, with corrections, and once more, which finds none. */
export function replayedHistory(pipeline: PipelineName): History {
  const plain = plainHistory(pipeline);
  const replay = (after: number): Act => ({ after, do: 'replay', run: 0, corrected: true });
  return { ...plain, acts: [...plain.acts, replay(atRest), replay(2 * atRest)] };
}

const reads = /:(Get|Head|List|Describe|Query|Scan|BatchGet|Receive)/;

/** Whether a call changes something, or sends it. A process that dies before one that only looks dies after the one before. */
export function isEffect({ operation }: CallNote): boolean {
  return !reads.test(operation);
}

/** Effects, and what is played of what can happen to them. */
export interface Struck {
  /** Those that are struck before and after, here or in a history that is the same. */
  readonly effects: number;
  readonly histories: readonly History[];
}

/**
 * The history with each of the effects that it had, one at a time, struck before and after: functions are killed,
 * requests and answers of services are lost. What comes to the same as another history is counted, and not played.
 * @param between places of the first call that is looked at, and of the first one that is not any more. Default: all
 */
export function struckAtEveryEffect(
  history: History,
  calls: readonly CallNote[],
  between: readonly [number, number] = [0, calls.length],
): Struck {
  const effects = calls.slice(...between).filter((call) => isEffect(call) && isOfRun(history, call) && !isEvent(call));
  const mishaps = effects
    .filter((call) => isStruckHere(history, call))
    .flatMap((call): Mishap[] => {
      const { by, at } = call;
      if (by !== 'service')
        return [
          ...(followsItsOwnEffect(call, calls) ? [] : [{ by, at, what: 'kill before' } as const]),
          { by, at, what: 'kill after' },
        ];
      return [
        { by: 'service', at, what: 'lose before' },
        { by: 'service', at, what: 'lose after' },
      ];
    });
  return {
    effects: effects.length,
    histories: mishaps.map((mishap) => ({ ...history, mishaps: [...history.mishaps, mishap] })),
  };
}

/** What people do is struck where it is more than one request. */
const isOfRun = ({ acts }: History, { by }: CallNote) =>
  by !== 'person' || acts.some(({ do: what }) => what === 'backfill' || what === 'replay');

const isEvent = ({ operation }: CallNote) => operation === 'events:ServiceEvent';

/**
 * Whether nothing but reads of the same invocation, at the same time, lie between this effect and the one before it: to
 * be killed before this one is then to be killed after that one, for nobody could have seen a difference.
 */
function followsItsOwnEffect(effect: CallNote, calls: readonly CallNote[]): boolean {
  for (const call of calls.slice(0, calls.indexOf(effect)).reverse()) {
    if (call.invocation !== effect.invocation || call.time !== effect.time) return false;
    if (isEffect(call)) return true;
  }
  return false;
}

/** Functions of the platform, and the queue before them: the same for every pipeline, which they do not know. */
const platform = /^(penstock-(trigger|announce) |events\.amazonaws\.com )/;

/** Who puts files together; when a run has begun, it is like any other. */
const starter = /^penstock-trigger /;

const sets: ReadonlySet<PipelineName> = new Set(['batched', 'counted', 'marked']);

/** Who finds what rows are looked up in, and who looks. */
const reader = /^penstock-\w+-(extract|worker) /;

/** Who replaces a part of a table; before them a run is like one that replaces all of it. */
const publisher = /^penstock-\w+-(publish|commit|compensate) /;

/** Who says where a run goes on, and who takes that further. */
const goer = /^penstock-\w+-(extract|publish|commit|compensate) /;

const overlapping: ReadonlySet<PipelineName> = new Set(['replacing', 'skipping']);

/** Who finds that another run is at work, and who ends that one. */
const meeter = /^penstock-\w+-(initialize|compensate) /;

function isStruckHere({ pipeline, acts }: History, { by, about }: CallNote): boolean {
  if (by === 'person') return true;
  if (sets.has(pipeline)) return starter.test(about);
  if (overlapping.has(pipeline)) return meeter.test(about);
  if (pipeline === 'looked') return reader.test(about);
  if (acts.some(({ do: what }) => what === 'replay')) return publisher.test(about);
  if (growing.has(pipeline)) return goer.test(about);
  if (pipeline === 'narrow') return false;
  if (pipeline === 'partitions') return publisher.test(about);
  return pipeline === 'solo' || !platform.test(about);
}
