import type { States } from './states-language.ts';

export const completed = 'Completed';
export const noticeLost = 'Notice not sent';

/** Where a published run ends. */
export function endStates(): States {
  return {
    [completed]: { Type: 'Succeed' },
    // Behind the commit nothing may be undone: the data is published, only the news of it is missing.
    [noticeLost]: {
      Type: 'Fail',
      Error: 'NoticeLostError',
      Cause: 'the run is committed and its data published, but PipelineCompleted could not be put on the bus',
    },
  };
}
