import { PipelineStateError } from '../../core/errors/pipeline-state-error.ts';
import { parseTriggerMessage } from '../parse-message.ts';
import type { Ports } from '../ports/ports.ts';
import { runId } from '../run-id.ts';
import { missParkedTimes } from '../take-schedule.ts';
import { begin, heldBack, type TriggerPorts } from '../trigger.ts';

const notPaused = ['Created', 'Validating', 'Validated', 'Invalid', 'Scheduled'] as const;

export interface PauseRequest {
  readonly pipeline: string;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

export interface ResumeRequest extends PauseRequest {
  /** What is deployed now: what waited starts on it, whatever was deployed when it arrived. */
  readonly machine: { readonly stateMachineArn: string; readonly planDigest: string };
}

/** From now on triggers of the pipeline wait. Runs that go on are left alone. Throws `PipelineStateError` where it is paused. */
export async function pausePipeline(
  { pipelines, clock }: Pick<Ports, 'pipelines' | 'clock'>,
  { pipeline, by }: PauseRequest,
): Promise<void> {
  const at = clock.now();
  // No run has begun on it yet, so nobody has noted that it is there.
  await pipelines.change({ pipeline, from: [undefined], to: 'Created', by, at });
  const audit = { at, by, action: 'pause', pipeline } as const;
  if (!(await pipelines.change({ pipeline, from: notPaused, to: 'Paused', by, at, audit })))
    throw unfit(pipeline, 'Paused', 'Scheduled');
}

/**
 * Lets a pipeline start runs again, first of all those that waited; files that wait for others join them. Returns the ids of
 * the runs. Done again after it was cut
 * short, it starts the rest. Throws `PipelineStateError` where nothing is paused and nothing waits.
 */
export async function resumePipeline(
  ports: TriggerPorts & Pick<Ports, 'audit'>,
  { pipeline, by, machine }: ResumeRequest,
): Promise<readonly string[]> {
  const { pipelines, audit, clock } = ports;
  const at = clock.now();
  // Noted before anything starts; as a number, because thousands of runs may wait.
  const waits = (await pipelines.parked(pipeline)).length;
  const entry = { at, by, action: 'resume', pipeline, detail: { waiting: waits } } as const;
  const changed = await pipelines.change({ pipeline, from: ['Paused'], to: 'Scheduled', by, at, audit: entry });
  // Only now nothing more is parked.
  const waiting = await pipelines.parked(pipeline);
  if (!changed && waiting.length === 0) throw unfit(pipeline, 'Scheduled', 'Paused');
  if (!changed) await audit.add(entry);
  const started: string[] = [];
  const messages = waiting.map((parked) => ({ parked, message: { ...parseTriggerMessage(parked.body), ...machine } }));
  await missParkedTimes(
    ports,
    messages.map(({ message }) => message),
  );
  for (const { parked, message } of messages) {
    const held = await heldBack(ports, message);
    const run = held ? undefined : await begin(ports, message);
    if (run !== undefined) started.push(run);
    // Somebody may have paused the pipeline again: it waits for the next one then, by the same name if the plan is the same.
    const waits = held === 'parked' && parked.run === runId(pipeline, message.planDigest, message.trigger);
    if (!waits) await pipelines.unpark(parked);
  }
  return started;
}

function unfit(pipeline: string, received: string, allowed: string): PipelineStateError {
  return new PipelineStateError({
    problem: `the pipeline "${pipeline}" is ${received === 'Paused' ? 'paused already' : 'not paused'}`,
    received,
    allowed,
    change: 'nothing was changed',
  });
}
