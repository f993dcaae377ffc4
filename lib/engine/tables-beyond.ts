import type { Plan } from '../component/plan.ts';

/**
 * The tables that the rows of each node are on their way to, by node id. Rows that are only looked at, or read again by
 * every run, go nowhere by themselves.
 */
export function tablesBeyond({ nodes }: Plan): Readonly<Record<string, readonly string[]>> {
  const beyond = new Map<string, Set<string>>(nodes.map(({ id }) => [id, new Set()]));
  for (const node of [...nodes].reverse()) {
    if (node.kind === 'source') {
      if (node.use !== 'main') beyond.get(node.id)!.clear();
      continue;
    }
    const own = node.kind === 'output' ? [node.table] : beyond.get(node.id)!;
    for (const input of [node.input, ...(node.kind === 'step' ? (node.others ?? []) : [])])
      for (const table of own) beyond.get(input)?.add(table);
  }
  return Object.fromEntries([...beyond].map(([id, tables]) => [id, [...tables].sort()]));
}
