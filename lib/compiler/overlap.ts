import type { Plan, PlanNode } from '../component/plan.ts';
import type { Definition, Problem } from '../definition/index.ts';

/** Two runs at once would go on from the same place, so that one of them could not publish. */
export function overlapProblems(
  nodes: readonly PlanNode[],
  { overlap, at }: Pick<Definition, 'overlap' | 'at'>,
): Problem[] {
  const source = nodes.find((node) => node.kind === 'source' && (node.incremental ?? node.grows));
  if (!source || !overlap || (overlap.policy !== 'allow' && (overlap.runs ?? 1) === 1)) return [];
  const { policy, runs } = overlap;
  return [
    {
      at,
      part: 'overlap',
      problem: `runs at work at the same time would go on from the same place in "${source.id}", and only one of them could publish`,
      received: runs === undefined ? policy : `${policy}, runs: ${runs}`,
      allowed: 'queue, skip or replace with one run at a time',
      change: 'leave `overlap` out: runs then wait for each other',
    },
  ];
}

/**
 * Unless the definition says otherwise, runs wait for each other that go on where others end, and that replace several tables:
 * these are published one after the other, and would not all be of one run.
 */
export function overlapOf(overlap: Definition['overlap'], nodes: readonly PlanNode[]): Pick<Plan, 'overlap'> {
  if (overlap && overlap.policy !== 'allow') return { overlap: { policy: overlap.policy, runs: overlap.runs ?? 1 } };
  const goesOn = nodes.some((node) => node.kind === 'source' && (node.incremental ?? node.grows));
  const replaced = nodes.filter(({ kind, options }) => kind === 'output' && /^replace/.test(String(options.mode)));
  return goesOn || (replaced.length > 1 && !overlap) ? { overlap: { policy: 'queue', runs: 1 } } : {};
}
