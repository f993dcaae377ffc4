import type { History, Mishap } from './history.ts';
import type { PipelineName } from './pipelines.ts';
import type { CallNote } from './play.ts';

/** One file with rows of every kind, and a second one that comes while the first is worked on. */
const rows = ['good', 'zero', 'bad', 'good', 'nameless', 'good'] as const;

/** A history in which nothing goes wrong. */
export function plainHistory(pipeline: PipelineName): History {
  return { pipeline, acts: [{ after: 0, do: 'drop', key: 0, rows }], mishaps: [], order: [] };
}

/** A history in which somebody cancels the run, and somebody tries it again, when so many calls have been made. */
export function cancelledHistory(pipeline: PipelineName, after: number): History {
  return {
    ...plainHistory(pipeline),
    acts: [
      { after: 0, do: 'drop', key: 0, rows },
      { after, do: 'cancel', run: 0 },
      { after: after + 1000, do: 'retry', run: 0 },
    ],
  };
}

const reads = /:(Get|Head|List|Describe|Query|Scan|BatchGet|Receive)/;

/** Whether a call changes something, or sends it. A process that dies before one that only looks dies after the one before. */
export function isEffect({ operation }: CallNote): boolean {
  return !reads.test(operation);
}

/**
 * The history with each of the effects that it had, one at a time, struck before and after: functions are killed,
 * requests and answers of services are lost.
 */
export function struckAtEveryEffect(history: History, calls: readonly CallNote[]): History[] {
  const mishaps = calls.filter(isEffect).flatMap(({ by, at, operation }): Mishap[] => {
    if (by === 'function')
      return [
        { by, at, what: 'kill before' },
        { by, at, what: 'kill after' },
      ];
    if (by === 'person' || operation === 'events:ServiceEvent') return [];
    return [
      { by, at, what: 'lose before' },
      { by, at, what: 'lose after' },
    ];
  });
  return mishaps.map((mishap) => ({ ...history, mishaps: [...history.mishaps, mishap] }));
}
