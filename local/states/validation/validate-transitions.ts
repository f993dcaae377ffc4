import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';

/** Every target exists, every state can be reached, and the workflow can end. */
export function validateTransitions(machine: JsonObject, place: string, diagnostics: Diagnostics): void {
  const states: Record<string, Json> = machine.States;
  const missing = (target: string, location: string) => {
    if (Object.hasOwn(states, target)) return;
    diagnostics.error('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target}`, location);
  };
  if (typeof machine.StartAt === 'string') missing(machine.StartAt, `${place}/StartAt`);
  for (const [name, state] of Object.entries(states)) {
    for (const { field, target } of targetsOf(state)) missing(target, `${place}/States/${name}/${field}`);
  }
  // A workflow without an end is told that alone; branches and processors may go in circles.
  if (place === '' && !Object.values(states).some(isTerminal)) {
    diagnostics.error('MISSING_END_STATE', 'Workflow has no terminal state');
    return;
  }
  const reached = reachedFrom(machine.StartAt, states);
  for (const name of Object.keys(states)) {
    if (reached.has(name)) continue;
    const location = `${place}/States/${name}`;
    diagnostics.error('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, location);
  }
}

function reachedFrom(start: string, states: Record<string, Json>): Set<string> {
  const reached = new Set([start]);
  for (const name of reached) {
    if (!Object.hasOwn(states, name)) continue;
    for (const { target } of targetsOf(states[name])) reached.add(target);
  }
  return reached;
}

function* targetsOf(state: Json): Generator<{ field: string; target: string }> {
  if (!isObject(state)) return;
  const holders: [string, Json][] = [['', state]];
  for (const list of ['Choices', 'Catch']) {
    if (Array.isArray(state[list]))
      for (const [index, item] of state[list].entries()) holders.push([`${list}[${index}]/`, item]);
  }
  for (const [prefix, holder] of holders) {
    for (const field of ['Next', 'Default']) {
      if (isObject(holder) && typeof holder[field] === 'string')
        yield { field: `${prefix}${field}`, target: holder[field] };
    }
  }
}

const isTerminal = (state: Json) =>
  isObject(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail');
