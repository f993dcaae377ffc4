import { merges, type Plan } from '../../component/plan.ts';
import { callFunction } from './call-function.ts';
import { completed } from './end-states.ts';
import { catchAll } from './failure.ts';
import type { States } from './states-language.ts';

export const publishStart = 'Publish';
const commit = 'Commit';

/** From files that nobody sees to a table that everybody sees. */
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
      next: completed,
      catch: [catchAll(commit)],
    }),
  };
}
