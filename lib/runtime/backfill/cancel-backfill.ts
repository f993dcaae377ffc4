import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { cancelRun } from '../operate/cancel-run.ts';
import type { Ports } from '../ports/ports.ts';

export interface CancelRequest {
  readonly pipeline: string;
  readonly id: string;
  readonly stateMachineArn: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/**
 * Lets no further slice of a backfill begin, and stops those at work. What is published stays; the same backfill asked for
 * again goes on. Returns the runs that it stopped. Throws `BackfillRefusedError` where it has ended.
 */
export async function cancelBackfill(
  ports: Pick<Ports, 'backfills' | 'runs' | 'executions' | 'audit' | 'clock' | 'logger'>,
  { pipeline, id, stateMachineArn, by }: CancelRequest,
): Promise<readonly string[]> {
  if (!(await ports.backfills.close({ pipeline, id }, 'Cancelled')))
    throw new BackfillRefusedError({
      problem: `the backfill "${id}" has ended`,
      received: (await ports.backfills.find(pipeline, id))?.state ?? 'nobody knows it',
      allowed: 'Open',
      change: 'nothing was changed',
    });
  await ports.audit.add({ at: ports.clock.now(), by, action: 'cancel-backfill', pipeline, detail: { id } });
  const stopped: string[] = [];
  for (const { run } of await ports.backfills.slices(id)) {
    const record = await ports.runs.find(run);
    if (!record || record.endedAt !== undefined) continue;
    try {
      await cancelRun(ports, { run, stateMachineArn, by });
      stopped.push(run);
    } catch (error) {
      // It has ended by itself, or publishes already.
      if (!(error instanceof RunStateError)) throw error;
    }
  }
  return stopped;
}
