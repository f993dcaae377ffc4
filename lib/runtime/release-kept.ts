import { removeData } from './compensate.ts';
import type { RunExpiredInput } from './messages.ts';
import type { PipelineCode } from './pipeline-code.ts';
import type { Ports } from './ports/ports.ts';
import { pipelineOf } from './replay/narrowed-plan.ts';

/**
 * Removes what was kept of a failed run for a redrive, because nobody has redriven it in time. The record first, so that
 * no redrive begins on data that goes away; one that has begun keeps it. Doing it again is harmless.
 */
export async function releaseKept(
  ports: Pick<Ports, 'objects' | 'runs' | 'clock' | 'logger'>,
  code: PipelineCode,
  { run, pipeline }: RunExpiredInput,
): Promise<{ readonly released: boolean }> {
  const from = [{ state: 'Failed' as const, phase: 'Kept' as const }];
  await ports.runs.change({ run, from, to: { state: 'Failed' }, at: ports.clock.now() });
  const record = await ports.runs.find(run);
  if (record?.state !== 'Failed' || record.phase !== undefined) return { released: false };
  await removeData(ports, pipelineOf(code, record.trigger), { pipeline, run });
  ports.logger.info('kept data released', { run });
  return { released: true };
}
