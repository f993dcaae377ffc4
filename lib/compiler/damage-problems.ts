import type { Definition, Problem } from '../definition/index.ts';

/** Sources whose damaged files shall not hold up the others, before a gate that lets no run pass in which one was. */
export function damageProblems({ nodes, gate }: Pick<Definition, 'nodes' | 'gate'>): Problem[] {
  const lowest = gate.review ?? gate.pass;
  if (lowest < 1) return [];
  return nodes.flatMap((node): Problem[] => {
    if (node.kind !== 'source' || node.damaged !== 'reject') return [];
    return [
      {
        at: node.at,
        part: `${node.id} / damaged`,
        problem: 'a run with a damaged file would fail at the gate: what its score lacks is the share of such files',
        received: "damaged: 'reject' with a gate that takes no score below 1",
        allowed: 'a gate with a lower bound',
        change: 'give the share of files that must be whole, e.g. gate: { pass: 0.9 }, or leave `damaged` out',
      },
    ];
  });
}
