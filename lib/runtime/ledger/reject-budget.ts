import type { Plan } from '../../component/plan.ts';
import { CriticalRejectError } from '../../core/errors/critical-reject-error.ts';
import { RejectBudgetExceededError } from '../../core/errors/reject-budget-exceeded-error.ts';
import type { StepCount } from '../../engine/chunk.ts';
import type { ChunkMessage, TriggerIdentity } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { countsByNode, rowsRead } from './totals.ts';

/** What a run has read and rejected so far. */
interface Spent {
  readonly rejected: number;
  /** Rows that will have been read in the end, as far as it can be told. */
  readonly rows: number;
}

/**
 * Stops a run whose rejects are too many, as soon as that is sure: chunks that have not begun are then left alone. Asked
 * by each chunk that has rejects, before its ledger entry. Throws `CriticalRejectError`, `RejectBudgetExceededError`.
 */
export async function spendRejects(
  { runs }: Pick<Ports, 'runs'>,
  plan: Plan,
  { run, trigger, item: { stage, chunk } }: Pick<ChunkMessage, 'run' | 'trigger' | 'item'>,
  steps: readonly StepCount[],
): Promise<void> {
  refuseCritical(steps);
  if (!plan.rejects || steps.every(({ rejected }) => rejected === 0)) return;
  const [record, records] = await Promise.all([runs.find(run), runs.ledgerRecords(run)]);
  const entries = [...records.filter((one) => one.stage !== stage || one.chunk !== chunk), { stage, steps }];
  const counts = [...countsByNode(plan, entries).values()];
  const first = plan.stages[0]!.id;
  const done = entries.filter((one) => one.stage === first).length;
  const chunks = record?.extract?.stages[first]?.chunks ?? done;
  // Chunks are packed to one size, so those to come hold about as many rows each.
  const rows = Math.ceil((rowsRead(plan, counts) / Math.max(done, 1)) * Math.max(chunks, done));
  requireBudget(plan, trigger, { rejected: rejectedIn(counts), rows });
}

function refuseCritical(steps: readonly StepCount[]): void {
  for (const { node, critical = 0 } of steps) {
    if (critical === 0) continue;
    throw new CriticalRejectError({
      problem: `rows broke a critical rule in ${node}`,
      received: critical === 1 ? '1 row' : `${critical} rows`,
      allowed: 'none: a single one stops the run',
      change:
        'look at the rejects of the run; mend the data and drop the file again, or give the rule another severity',
    });
  }
}

/** Holds what a run has rejected against what it may. A replay reads nothing but rejects, and is not held to it. */
export function requireBudget(plan: Plan, trigger: TriggerIdentity, { rejected, rows }: Spent): void {
  const { share, count } = trigger.kind === 'replay' ? {} : (plan.rejects ?? {});
  const tooMany = count !== undefined && rejected > count;
  // The quotient of 29 and 100 is what people write as 0.29; 0.29 times 100 is less than 29.
  const isWithin = (some: number) => share === undefined || some === 0 || some / rows <= share;
  const tooLarge = !isWithin(rejected);
  if (!tooMany && !tooLarge) return;
  const least = Math.floor((share ?? 1) * rows);
  const most = isWithin(least + 1) ? least + 1 : least;
  throw new RejectBudgetExceededError({
    problem: 'the run rejects more rows than its pipeline allows',
    received: `${rejected} of ${rows} rows`,
    allowed: tooMany ? `${count} rows` : `a share of ${share}, at most ${most} of these rows`,
    change: 'look at the rejects of the run; mend the data or the rules and drop the file again, or raise `rejects`',
  });
}

export function rejectedIn(steps: readonly StepCount[]): number {
  return steps.reduce((sum, { rejected }) => sum + rejected, 0);
}
