import type { Json } from './states-language.ts';

/**
 * `StageInput`: what every function is told about the run. Taken from the execution, not from a variable, so that it
 * is there in the first state and in any Catch.
 */
export const runInput: Json = {
  pipeline: '{% $states.context.Execution.Input.pipeline %}',
  planDigest: '{% $states.context.Execution.Input.planDigest %}',
  trigger: '{% $states.context.Execution.Input.trigger %}',
  run: '{% $states.context.Execution.Name %}',
  startedAt: '{% $states.context.Execution.StartTime %}',
};
