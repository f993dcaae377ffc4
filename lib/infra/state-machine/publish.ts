import { merges, type Plan } from '../../component/plan.ts';
import { callFunction } from './call-function.ts';
import { completed, noticeLost } from './end-states.ts';
import { catchAll } from './failure.ts';
import { putEvent, runFacts } from './put-event.ts';
import type { States } from './states-language.ts';

export const publishStart = 'Publish';
const commit = 'Commit';
const notify = 'Notify';

/** From files that nobody sees to a table that everybody sees, and the news of it. */
export function publishPath(plan: Plan): States {
  return {
    [publishStart]: callFunction('publish', {
      payload: '{% $run %}',
      timeoutSeconds: 930,
      next: commit,
      catch: [catchAll(publishStart)],
    }),
    [commit]: callFunction('commit', {
      payload: '{% $run %}',
      timeoutSeconds: merges(plan) ? 930 : 330,
      assign: { publication: '{% $states.result.Payload %}' },
      next: notify,
      catch: [catchAll(commit)],
    }),
    [notify]: putEvent('PipelineCompleted', {
      detail: {
        ...runFacts,
        tables: '{% $publication.tables %}',
        score: '{% $assessment.score %}',
        report: '{% $assessment.report %}',
      },
      next: completed,
      catch: [{ ErrorEquals: ['States.ALL'], Next: noticeLost }],
    }),
  };
}
