import type { CallSource } from '../component/operator.ts';
import type { Definition } from './pipeline.ts';

/** The user's own functions by node id, for the worker that runs them. */
export function userFunctions(definition: Definition): Record<string, (row: any) => unknown> {
  const functions: Record<string, (row: any) => unknown> = {};
  for (const node of definition.nodes) {
    if (node.kind === 'step' && node.call) functions[node.id] = node.call;
  }
  return functions;
}

/** Modules of the user's own functions by node id; none for functions that stand in the pipeline's own module. */
export function functionSources(definition: Definition): Record<string, CallSource> {
  const sources: Record<string, CallSource> = {};
  for (const node of definition.nodes) {
    if (node.kind === 'step' && node.callSource) sources[node.id] = node.callSource;
  }
  return sources;
}
