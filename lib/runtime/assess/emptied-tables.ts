import type { Plan } from '../../component/plan.ts';
import { upstreamOf } from '../../component/upstream.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { inputsOf } from '../ledger/check-steps.ts';
import type { StageInput } from '../messages.ts';
import { outputs, type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { RuleScore } from './score.ts';

/**
 * Tables that the run would put nothing in the place of, because every row that came to a step on the way there was
 * rejected: what broke is the delivery or a rule, and what readers see is better than nothing. Rows that a filter or a
 * route takes away are taken as it was asked for. A replay of some rejects only adds to the rows of its run.
 */
export function emptiedTables(
  pipeline: PipelineCode,
  { trigger }: Pick<StageInput, 'trigger'>,
  counts: ReadonlyMap<string, StepCount>,
): readonly RuleScore[] {
  const { plan } = pipeline;
  const onBreak = plan.gate.emptied ?? 'fail';
  const replaces = trigger.kind === 'replay' ? trigger.whole === true : trigger.kind !== 'backfill';
  if (onBreak === 'pass' || !replaces) return [];
  const filled = filledNodes(plan, counts);
  return outputs(plan).flatMap((output) => {
    const { id, table, options } = output;
    if (sinkSide(pipeline, output).mode(options) !== 'replace' || filled.has(id)) return [];
    const [lost] = upstreamOf(plan, id)
      .toReversed()
      .flatMap((node) => lostAt(counts.get(node.id)!) ?? []);
    if (!lost) return [];
    return {
      rule: `emptied-table-${table}`,
      component: 'emptied-table',
      dimension: 'completeness' as const,
      output: id,
      table,
      options: { mode: 'replace' },
      total: 1,
      passed: 0,
      share: 0,
      atLeast: 1,
      broken: true,
      onBreak,
      observed: `no row is left for it: all ${lost.rejected} that came to ${lost.node} were rejected`,
      allowed: "a row to put in the place of the table's, or gate: { emptied: 'pass' }",
    };
  });
}

/** Nodes that rows of a source have come through; the one row of an aggregate over nothing is none. */
function filledNodes(plan: Plan, counts: ReadonlyMap<string, StepCount>): ReadonlySet<string> {
  const filled = new Set<string>();
  for (const node of plan.nodes) {
    const fed = node.kind === 'source' || inputsOf(node).some((id) => filled.has(id));
    if (fed && counts.get(node.id)!.rowsOut > 0) filled.add(node.id);
  }
  return filled;
}

/** Undefined where rows went on from the step, or none came, or some were taken for another reason. */
function lostAt(step: StepCount): StepCount | undefined {
  const { rowsIn, rowsOut, rejected, filtered, routed = 0 } = step;
  return rowsIn > 0 && rowsOut === 0 && rejected > 0 && filtered === 0 && routed === 0 ? step : undefined;
}
