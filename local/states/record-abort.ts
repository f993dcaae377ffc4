import type { Branch } from './branch.ts';

const abortable = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/** Tells history of the state, if any, that a branch was in the middle of when it was given up. */
export function recordAbort(branch: Branch, previousEventId: number): void {
  const type = branch.current?.node.type;
  for (const inner of branch.inner) recordAbort(inner, previousEventId);
  if (type && abortable.has(type)) branch.run.history.record(`${type}StateAborted`, previousEventId);
}
