import type { Definition } from './pipeline.ts';

/** The user's own functions by node id, for the worker that runs them. */
export function userFunctions(definition: Definition): Record<string, (row: any) => unknown> {
  const functions: Record<string, (row: any) => unknown> = {};
  for (const node of definition.nodes) {
    if (node.kind === 'step' && node.call) functions[node.id] = node.call;
  }
  return functions;
}
