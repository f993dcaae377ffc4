import { concurrently } from '../../core/concurrently.ts';
import { runKeys } from '../keys.ts';
import type { StageInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { QualityReport } from './quality-report.ts';

/** Tells the bus of every broken rule, with what it found and what it asked for. */
export async function raiseAlerts(
  ports: Pick<Ports, 'bus' | 'clock'>,
  input: StageInput,
  { rules, gate }: QualityReport,
): Promise<void> {
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
        report: runKeys(input.pipeline, input.run).report,
      },
    }),
  );
}
