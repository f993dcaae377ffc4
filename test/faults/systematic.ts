import type { Act, History, Mishap } from './history.ts';
import type { PipelineName } from './pipelines.ts';
import type { CallNote } from './play.ts';

/** One file with rows of every kind, and a second one that comes while the first is worked on. */
const rows = ['good', 'zero', 'bad', 'good', 'nameless', 'good'] as const;

/** A history in which nothing goes wrong. */
export function plainHistory(pipeline: PipelineName): History {
  return { pipeline, acts: begins(pipeline), mishaps: [], order: [] };
}

/** What it takes until a run begins. */
function begins(pipeline: PipelineName): readonly Act[] {
  const drop: Act = { after: 0, do: 'drop', key: 0, rows };
  if (pipeline === 'counted') return [drop, { after: 0, do: 'drop', key: 1, rows: ['bad', 'good'] }];
  if (pipeline === 'marked') return [drop, { after: 0, do: 'mark' }];
  if (pipeline === 'looked') return [{ after: 0, do: 'refer', edition: 1 }, drop];
  return [drop];
}

/** A history in which somebody cancels the run, and somebody tries it again, when so many calls have been made. */
export function cancelledHistory(pipeline: PipelineName, after: number): History {
  return {
    ...plainHistory(pipeline),
    acts: [...begins(pipeline), { after, do: 'cancel', run: 0 }, { after: after + 1000, do: 'retry', run: 0 }],
  };
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
 */
export function struckAtEveryEffect(history: History, calls: readonly CallNote[]): Struck {
  const effects = calls.filter((call) => isEffect(call) && call.by !== 'person' && !isEvent(call));
  const mishaps = effects
    .filter((call) => isStruckHere(history.pipeline, call))
    .flatMap((call): Mishap[] => {
      const { by, at } = call;
      if (by === 'function')
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

function isStruckHere(pipeline: PipelineName, { about }: CallNote): boolean {
  if (sets.has(pipeline)) return starter.test(about);
  if (pipeline === 'looked') return reader.test(about);
  if (pipeline === 'narrow') return false;
  if (pipeline === 'partitions') return publisher.test(about);
  return pipeline === 'solo' || !platform.test(about);
}
