import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';

/** Every target exists, every state can be reached, and the workflow can end. */
export function validateTransitions(machine: JsonObject, place: string, diagnostics: Diagnostics): void {
  const states: Record<string, Json> = machine.States;
  const known = (name: string) => Object.hasOwn(states, name);
  if (typeof machine.StartAt === 'string' && !known(machine.StartAt)) {
    diagnostics.error('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${machine.StartAt}`, `${place}/StartAt`);
  }
  const reached = new Set<string>([machine.StartAt]);
  const waiting = [machine.StartAt];
  for (const [name, state] of Object.entries(states)) {
    for (const { field, target } of targetsOf(state)) {
      if (known(target)) continue;
      const location = `${place}/States/${name}/${field}`;
      diagnostics.error('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target}`, location);
    }
  }
  while (waiting.length > 0) {
    for (const { target } of targetsOf(states[waiting.pop()!])) {
      if (reached.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  for (const name of Object.keys(states)) {
    if (reached.has(name) || !known(machine.StartAt)) continue;
    const location = `${place}/States/${name}`;
    diagnostics.error('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, location);
  }
  if (!Object.values(states).some(isTerminal)) {
    diagnostics.error('MISSING_END_STATE', 'No terminal state found in the state machine', `${place}/States`);
  }
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
