import { references } from './references.ts';
import { retryNotice } from './retry.ts';
import type { Catcher, Json, TaskState } from './states-language.ts';

export interface PutEventOptions {
  readonly detail: Json;
  readonly next: string;
  readonly catch: readonly Catcher[];
}

/** What every event of a run begins with. */
export const runFacts = {
  pipeline: '{% $run.pipeline %}',
  run: '{% $run.run %}',
  planDigest: '{% $run.planDigest %}',
} as const;

/** A Task that puts one event of Penstock on the bus, without a function in between. */
export function putEvent(detailType: string, { detail, next, catch: catchers }: PutEventOptions): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${references.partition}:states:::events:putEvents`,
    Arguments: {
      Entries: [{ EventBusName: references.bus, Source: 'penstock', DetailType: detailType, Detail: detail }],
    },
    TimeoutSeconds: 60,
    Retry: retryNotice,
    Catch: catchers,
    Output: {},
    Next: next,
  };
}
