import { AwsError } from '../../../aws-error.ts';
import { isObject, type JsonObject } from '../../../states/json.ts';
import { compileMachine, type Machine, type StateNode } from '../../../states/machine.ts';
import { validDefinition } from '../valid-definition.ts';

/** AWS calls a state that is tested by itself so. */
export const testedStateName = 'StateName';

/** The state under test, made ready to run. Throws InvalidDefinition, or ValidationException where it cannot be found. */
export function testedState(
  definition: string,
  stateName: string | undefined,
): { node: StateNode; names: ReadonlySet<string>; inMap: boolean } {
  const given = parse(definition);
  if (given?.States === undefined) {
    if (stateName !== undefined) throw new AwsError('ValidationException', 'State not found in definition');
    const machine = aloneIn(given, definition);
    return { node: machine.states.get(testedStateName)!, names: namesIn(machine), inMap: false };
  }
  validDefinition(definition, 'STANDARD');
  if (stateName === undefined)
    throw new AwsError('ValidationException', 'stateName is required for a state machine definition');
  const machine = compileMachine(given);
  const found = findState(machine, stateName, false);
  if (!found) throw new AwsError('ValidationException', 'State not found in definition');
  return { node: { ...found.node, name: testedStateName }, names: namesIn(machine), inMap: found.inMap };
}

function parse(definition: string): JsonObject | undefined {
  try {
    const given = JSON.parse(definition);
    return isObject(given) ? given : undefined;
  } catch {
    return undefined;
  }
}

/** Validates a state by itself: where it goes to need not be there. */
function aloneIn(state: JsonObject | undefined, definition: string): Machine {
  const targets = state ? targetsOf(state) : [];
  const States: JsonObject = { [testedStateName]: state };
  for (const target of targets) if (target !== testedStateName) States[target] = { Type: 'Succeed' };
  validDefinition(state ? JSON.stringify({ StartAt: testedStateName, States }) : definition, 'STANDARD');
  return compileMachine({ StartAt: testedStateName, States: { [testedStateName]: state } });
}

function targetsOf(state: JsonObject): string[] {
  const entries = [
    state,
    ...(Array.isArray(state.Choices) ? state.Choices : []),
    ...(Array.isArray(state.Catch) ? state.Catch : []),
  ];
  return entries
    .filter(isObject)
    .flatMap(({ Next, Default }) => [Next, Default].filter((name) => typeof name === 'string'));
}

function findState(machine: Machine, name: string, inMap: boolean): { node: StateNode; inMap: boolean } | undefined {
  for (const node of machine.states.values()) {
    if (node.name === name) return { node, inMap };
    for (const inner of innerOf(node)) {
      const found = findState(inner, name, inMap || inner === node.processor);
      if (found) return found;
    }
  }
  return undefined;
}

function namesIn(machine: Machine, names = new Set<string>()): Set<string> {
  for (const node of machine.states.values()) {
    names.add(node.name);
    for (const inner of innerOf(node)) namesIn(inner, names);
  }
  return names;
}

const innerOf = (node: StateNode): readonly Machine[] => [
  ...(node.branches ?? []),
  ...(node.processor ? [node.processor] : []),
];
