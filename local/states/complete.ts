import type { Payload } from './payload.ts';
import type { StateResult } from './run-state.ts';
import type { Visit } from './visit.ts';

/** Turns the result of a state's work into its output, its variables and where it goes. */
export async function complete(visit: Visit, result: Payload): Promise<StateResult> {
  const { definition, node } = visit;
  const variables = definition.Assign
    ? await node.language.assign(visit, definition.Assign, { result: result.value }, '')
    : undefined;
  const output = await node.language.output(visit, result);
  return { output, next: definition.Next, ...(variables ? { variables } : {}) };
}
