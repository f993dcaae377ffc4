import { delayedErrorNames, longestDelaySeconds } from '../../core/retryable-errors.ts';
import { type CalledFunction, functionReference, placeholder } from './references.ts';
import { waitName } from './state-names.ts';
import type { Catcher, State, States, WaitState } from './states-language.ts';

/** Functions that call no system whose circuit could be open. */
const neverPutOff: readonly CalledFunction[] = ['review'];

/**
 * Lets each state that calls a function wait for as long as the function says, and call it again. A wait is no retry:
 * it takes nothing of the budget of those.
 */
export function withDelays(states: States): States {
  const made: Record<string, State> = {};
  for (const [name, state] of Object.entries(states)) {
    made[name] = state;
    if (!canBePutOff(state)) continue;
    const wait = waitName(name);
    // Lambda wraps the text of an error, which is JSON for these: see `functions/middleware/failures.ts`.
    const catcher = delayed('$parse($parse($states.errorOutput.Cause).errorMessage)', wait);
    made[name] = { ...state, Catch: [catcher, ...(state.Catch ?? [])] };
    made[wait] = waitUntil(name);
  }
  return made;
}

/** Leads to the wait of a state; its input is kept for the next attempt. */
export function delayed(cause: string, wait: string): Catcher {
  return {
    ErrorEquals: delayedErrorNames,
    Next: wait,
    Output: `{% $merge([$states.input, { 'waitSeconds': $min([${longestDelaySeconds}, ${cause}.retryAfterSeconds]) }]) %}`,
  };
}

/** Waits as it was told to, then leads back. */
export function waitUntil(state: string): WaitState {
  return { Type: 'Wait', Seconds: '{% $states.input.waitSeconds %}', Next: state };
}

function canBePutOff(state: State): state is Extract<State, { Type: 'Task' }> {
  if (state.Type !== 'Task' || state.Catch === undefined || !state.Resource.includes(':lambda:invoke')) return false;
  const { FunctionName } = state.Arguments as { FunctionName: string };
  return !neverPutOff.some((name) => placeholder(functionReference(name)) === FunctionName);
}
