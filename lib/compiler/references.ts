import type { DefinitionNode, Problem } from '../definition/index.ts';
import { upstream } from '../definition/references.ts';

/**
 * A second input is read whole before the chunks start, so it cannot be made of rows that the chunks have yet to read:
 * each chunk would see its own rows only, and find no match in the others.
 */
export function sideProblems(nodes: readonly DefinitionNode[], references: ReadonlySet<string>): Problem[] {
  return nodes.flatMap((node): Problem[] => {
    if (node.kind !== 'step' || node.side === undefined) return [];
    const main = upstream(nodes, node.side).find((id) => !references.has(id));
    if (main === undefined || isMended(nodes, main)) return [];
    return [
      {
        at: node.at,
        part: `${node.id} / with`,
        problem: `the second input is made of "${main}", which flows to an output as well`,
        received: node.side,
        allowed: 'a dataset whose sources are read for this purpose only, or whole by every run',
        change: `read it from a source of its own, with a second from()`,
      },
    ];
  });
}

/** What is left out of its options may be what makes it one that every run reads whole. */
function isMended(nodes: readonly DefinitionNode[], id: string): boolean {
  return nodes.some((node) => node.mended && upstream(nodes, id).includes(node.id));
}
