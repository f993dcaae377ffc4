import { callFunction } from './call-function.ts';
import { catchAll } from './failure.ts';
import { putEvent } from './put-event.ts';
import type { States } from './states-language.ts';

export const publishStart = 'Publish';
const commit = 'Commit';
const notify = 'Notify';
const completed = 'Completed';
const noticeLost = 'Notice not sent';

/** From files that nobody sees to a table that everybody sees, and the news of it. */
export function publishPath(): States {
  return {
    [publishStart]: callFunction('publish', {
      payload: '{% $run %}',
      timeoutSeconds: 930,
      assign: { publication: '{% $states.result.Payload %}' },
      next: commit,
      catch: [catchAll(publishStart)],
    }),
    [commit]: callFunction('commit', {
      payload: '{% $merge([$run, $publication]) %}',
      timeoutSeconds: 90,
      next: notify,
      catch: [catchAll(commit)],
    }),
    [notify]: putEvent('PipelineCompleted', {
      detail: {
        pipeline: '{% $run.pipeline %}',
        run: '{% $run.run %}',
        planDigest: '{% $run.planDigest %}',
        tables: '{% $publication.tables %}',
        score: '{% $assessment.score %}',
        report: '{% $assessment.report %}',
      },
      next: completed,
      // Behind the commit nothing may be undone: the data is published, only the news of it is missing.
      catch: [{ ErrorEquals: ['States.ALL'], Next: noticeLost }],
    }),
    [completed]: { Type: 'Succeed' },
    [noticeLost]: {
      Type: 'Fail',
      Error: 'NoticeLostError',
      Cause: 'the run is committed and its data published, but PipelineCompleted could not be put on the bus',
    },
  };
}
