import type { OutputNode, PlanNode, SourceNode, WatermarkPlan } from './plan.ts';

export type CursorSource = SourceNode & { readonly incremental: WatermarkPlan };

/** The sources of a plan that go on where earlier runs have ended. */
export function cursorSources(nodes: readonly PlanNode[]): readonly CursorSource[] {
  return nodes.filter((node): node is CursorSource => node.kind === 'source' && node.incremental !== undefined);
}

/** The outputs that rows of a source flow to: their tables say together how far it was taken. */
export function fedOutputs(nodes: readonly PlanNode[], source: string): readonly OutputNode[] {
  const reached = new Set([source]);
  for (const node of nodes) {
    if (node.kind === 'source') continue;
    const inputs = [node.input, ...(node.kind === 'step' ? (node.others ?? []) : [])];
    if (inputs.some((input) => reached.has(input))) reached.add(node.id);
  }
  return nodes.filter((node): node is OutputNode => node.kind === 'output' && reached.has(node.id));
}
