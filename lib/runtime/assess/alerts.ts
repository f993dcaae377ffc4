import { concurrently } from '../../core/concurrently.ts';
import { runKeys } from '../keys.ts';
import type { StageInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { QualityReport } from './quality-report.ts';

/** An event has 256 KB for all of them; the report holds the others. */
const mostColumns = 50;

/**
 * Tells the bus of every broken rule, with what it found and what it asked for, and of the columns of files that differ
 * from their contract.
 */
export async function raiseAlerts(
  ports: Pick<Ports, 'bus' | 'clock'>,
  input: StageInput,
  { rules, gate, drift = [] }: QualityReport,
): Promise<void> {
  const { report } = runKeys(input.pipeline, input.run);
  if (drift.length > 0)
    await ports.bus.publish({
      type: 'SchemaDrifted',
      pipeline: input.pipeline,
      run: input.run,
      at: ports.clock.now(),
      detail: { drift: drift.slice(0, mostColumns), columns: drift.length, report },
    });
  const broken = rules.filter((rule) => rule.broken);
  await concurrently(broken, 4, ({ rule, dimension, table, share, atLeast, onBreak, observed, allowed }) =>
    ports.bus.publish({
      type: 'QualityAlert',
      pipeline: input.pipeline,
      run: input.run,
      at: ports.clock.now(),
      detail: {
        rule,
        dimension,
        table,
        share,
        threshold: atLeast,
        severity: onBreak,
        gate,
        ...(observed !== undefined && { observed }),
        ...(allowed !== undefined && { allowed }),
        report,
      },
    }),
  );
}
