import type { Stage } from '../../apigateway/records.ts';
import type { ApiState } from '../../apigateway/state.ts';

/** The stage that a path leads to, and the rest of the path that routes see. `path` is as it was sent. */
export function findStage(state: ApiState, apiId: string, path: string): { stage: Stage; path: string } | undefined {
  const [, first = ''] = path.split('/', 2);
  const named = first === '$default' ? undefined : state.stages.find(apiId, first);
  if (named) return { stage: named, path: path.slice(first.length + 1) || '/' };
  const stage = state.stages.find(apiId, '$default');
  return stage && { stage, path };
}
