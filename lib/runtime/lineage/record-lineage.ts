import type { QualityReport } from '../assess/quality-report.ts';
import { runKeys } from '../keys.ts';
import type { StageInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { requireRun } from '../run/enter.ts';
import type { RunEvent } from './event-types.ts';
import { runEvent } from './run-event.ts';

type LineagePorts = Pick<Ports, 'objects' | 'runs' | 'bus'>;

/** An entry of the bus holds 256 KB; a plan of many columns has more lineage than that. */
const mostEventBytes = 200 * 1024;

/** Tells the bus that a run reads and writes what it does. */
export async function announceLineage(
  ports: Pick<Ports, 'objects' | 'bus'>,
  pipeline: PipelineCode,
  input: StageInput,
): Promise<void> {
  const event = runEvent(pipeline, input, ports.objects.uri, { eventType: 'START', at: Date.parse(input.startedAt) });
  await publish(ports, input, event);
}

/**
 * Keeps the OpenLineage events of a run that has ended, in an array, and tells the bus of the last one. All of them are
 * made of what is stored, so doing it again writes the same. A run that failed and was redriven ends once more, in an
 * object of its own: what is stored is never written over, and the first one would say for ever that the run has failed.
 * @param record of the run, where it was just written. Default: it is read
 */
export async function recordLineage(
  ports: LineagePorts,
  pipeline: PipelineCode,
  input: StageInput,
  record?: RunRecord,
): Promise<void> {
  const { state, endedAt, failure, assess, review, redrives } = record ?? (await requireRun(ports, input.run));
  const keys = runKeys(input.pipeline, input.run);
  const text = assess && (await ports.objects.readText(keys.report));
  const report = text === undefined ? undefined : (JSON.parse(text) as QualityReport);
  const lake = ports.objects.uri;
  const completed = state === 'Completed';
  const started = runEvent(pipeline, input, lake, { eventType: 'START', at: Date.parse(input.startedAt) });
  const ended = runEvent(pipeline, input, lake, {
    eventType: completed ? 'COMPLETE' : state === 'Cancelled' ? 'ABORT' : 'FAIL',
    at: endedAt ?? Date.parse(input.startedAt),
    report,
    released: review?.released,
    // A run that failed and was brought to its end keeps its failure, and yet completed.
    failure: completed ? undefined : failure,
  });
  const key = keys.lineage(redrives);
  await ports.objects.createText(key, JSON.stringify([started, ended]));
  await publish(ports, input, ended, key);
}

async function publish(ports: Pick<Ports, 'bus'>, { pipeline, run }: StageInput, event: RunEvent, lineage?: string) {
  const fits = Buffer.byteLength(JSON.stringify(event)) <= mostEventBytes;
  await ports.bus.publish({
    type: 'LineageRecorded',
    pipeline,
    run,
    at: Date.parse(event.eventTime),
    detail: { eventType: event.eventType, ...(lineage && { lineage }), ...(fits && { event }) },
  });
}
