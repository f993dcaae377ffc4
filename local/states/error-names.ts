import type { StatesError } from './states-error.ts';

/** Raised by the interpreter itself; the wildcard for failed tasks does not stand for them. */
const notTaskFailures = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

/** Whether a retrier's or catcher's ErrorEquals takes the error. */
export function errorMatches(names: readonly string[], error: StatesError): boolean {
  return names.some((name) => {
    if (name === 'States.ALL' || name === error.error) return true;
    if (name === 'States.TaskFailed') return error.fromTask && !notTaskFailures.has(error.error ?? '');
    return error.alias === name;
  });
}
