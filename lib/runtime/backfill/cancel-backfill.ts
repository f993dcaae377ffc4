import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { cancelledError } from '../compensate.ts';
import { cancelRun } from '../operate/cancel-run.ts';
import type { Ports } from '../ports/ports.ts';

export interface CancelRequest {
  readonly pipeline: string;
  readonly id: string;
  readonly stateMachineArn: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

type CancelPorts = Pick<Ports, 'backfills' | 'runs' | 'executions' | 'clock' | 'logger'>;

/**
 * Lets no further slice of a backfill begin, and stops those at work. What is published stays; the same backfill asked for
 * again goes on. Done again after it was cut short, it stops the rest. Returns the runs that it stopped. Throws
 * `BackfillRefusedError` where it has ended.
 */
export async function cancelBackfill(ports: CancelPorts, request: CancelRequest): Promise<readonly string[]> {
  const { pipeline, id, by } = request;
  const audit = { at: ports.clock.now(), by, action: 'cancel-backfill', pipeline, detail: { id } } as const;
  const closed = await ports.backfills.close({ pipeline, id }, 'Cancelled', audit);
  const state = closed ? undefined : (await ports.backfills.find(pipeline, id))?.state;
  const stopped: string[] = [];
  // One after the other: each is a handful of calls.
  if (closed || state === 'Cancelled')
    for (const { run } of await ports.backfills.slices(id)) if (await stopSlice(ports, request, run)) stopped.push(run);
  if (closed || stopped.length > 0) return stopped;
  throw new BackfillRefusedError({
    problem: `the backfill "${id}" has ended`,
    received: state ?? 'nobody knows it',
    allowed: 'Open',
    change: 'nothing was changed',
  });
}

/** False where it has ended by itself, or publishes already, or was not begun. */
async function stopSlice(ports: CancelPorts, { stateMachineArn, by }: CancelRequest, run: string): Promise<boolean> {
  const record = await ports.runs.find(run);
  if (record?.endedAt !== undefined) return false;
  if (!record) return stopExecution(ports, { stateMachineArn, run, cause: `cancelled by ${by}`.slice(0, 1_000) });
  try {
    await cancelRun(ports, { run, stateMachineArn, by });
    return true;
  } catch (error) {
    if (error instanceof RunStateError) return false;
    throw error;
  }
}

/**
 * Stops the execution of a slice that may not have come to open its record. News of its end then make that record, and
 * whoever started it later finds the backfill closed.
 */
export async function stopExecution(
  { executions }: Pick<Ports, 'executions'>,
  { stateMachineArn, run, cause }: Record<'stateMachineArn' | 'run' | 'cause', string>,
): Promise<boolean> {
  return (await executions.stop({ stateMachineArn, name: run, error: cancelledError, cause })) === 'stopped';
}
