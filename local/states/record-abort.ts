import type { Branch } from './branch.ts';

const abortable = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/** Tells history of the state, if any, that a branch was in the middle of when it was given up, and of all inside of it. */
export function recordAbort(branch: Branch, previousEventId: number): void {
  const { history } = branch.run;
  const { node, mapRunStarted } = branch.current ?? {};
  for (const inner of branch.inner) {
    if (node?.type === 'Map') {
      const { index } = inner.mapItem!;
      history.record('MapIterationAborted', previousEventId, { name: node.name, index });
    }
    recordAbort(inner, previousEventId);
  }
  if (mapRunStarted) history.record('MapRunAborted', previousEventId);
  if (node && abortable.has(node.type)) history.record(`${node.type}StateAborted`, previousEventId);
}
