import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../component/plan.ts';
import { secretNames } from '../../component/plan-secrets.ts';
import { freeFetched } from '../../core/free-fetched.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { checkSteps, inputsOf } from '../ledger/check-steps.ts';
import { addLedgerEntry } from '../ledger/ledger.ts';
import { spendRejects } from '../ledger/reject-budget.ts';
import { storeFiles } from '../ledger/store-files.ts';
import type { ChunkMessage, ChunkReport } from '../messages.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readSecrets } from '../read-secrets.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { withWorkFolder } from '../work-folder.ts';
import { fetchInputs, fetchReferences } from './fetch-inputs.ts';

export type ChunkPorts = Pick<
  Ports,
  'objects' | 'runs' | 'engine' | 'secrets' | 'machine' | 'clock' | 'logger' | 'meter'
>;

/**
 * Computes a chunk, unless an earlier attempt has. Order: data, then ledger; whoever reads the ledger finds the data.
 */
export async function runChunk(
  ports: ChunkPorts,
  code: PipelineCode,
  message: ChunkMessage,
  signal: AbortSignal,
): Promise<ChunkReport> {
  requirePlan(code.plan, message.planDigest);
  const pipeline = pipelineOf(code, message.trigger);
  const { stage, chunk } = message.item;
  const earlier = await ports.runs.ledgerRecord(message.run, stage, chunk);
  if (earlier) {
    ports.logger.info('chunk is done already');
    return chunkReport(pipeline.plan, chunk, earlier.steps);
  }
  return withWorkFolder((folder) => computeChunk(ports, pipeline, message, folder, signal));
}

async function computeChunk(
  ports: ChunkPorts,
  pipeline: PipelineCode,
  message: ChunkMessage,
  folder: string,
  signal: AbortSignal,
): Promise<ChunkReport> {
  const { stage, chunk, solo, partitions } = message.item;
  const place = { pipeline: message.pipeline, run: message.run, stage, chunk };
  const startedAt = ports.clock.now();
  const inputs = await fetchInputs(ports, pipeline, message, folder, signal);
  const references = await fetchReferences(ports, pipeline, message, folder, signal);
  freeFetched(inputs.reduce((bytes, { path }) => bytes + statSync(path).size, 0));
  const fetchedAt = ports.clock.now();
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const result = await ports.engine.executeChunk({
    plan: pipeline.plan,
    components: pipeline.components,
    functions: pipeline.functions,
    secrets: await readSecrets(ports.secrets, secretNames(pipeline.plan).stages, message.item.secrets),
    stage,
    chunk,
    solo,
    inputs,
    references,
    partitions,
    workFolder,
    at: fetchedAt,
    ...(message.item.cursors && { cursors: message.item.cursors }),
    ...(message.item.ids && { ids: message.item.ids }),
    signal,
    ...ports.machine,
  });
  signal.throwIfAborted();
  checkSteps(pipeline.plan, place, result.steps, result.files);
  const computedAt = ports.clock.now();
  const files = await storeFiles(ports.objects, pipeline, place, result.files, signal);
  signal.throwIfAborted();
  await spendRejects(ports, pipeline.plan, message, result.steps);
  const storedAt = ports.clock.now();
  await addLedgerEntry(ports, {
    ...place,
    steps: result.steps,
    files,
    quality: result.quality,
    milliseconds: {
      ...result.milliseconds,
      fetch: fetchedAt - startedAt,
      compute: computedAt - fetchedAt,
      store: storedAt - computedAt,
    },
    peakMemoryBytes: peakMemoryBytes(),
    at: storedAt,
    ...(message.item.instead && { instead: message.item.instead }),
  });
  const report = chunkReport(pipeline.plan, chunk, result.steps);
  ports.meter.count('RowsIn', report.rowsIn);
  ports.meter.count('RowsRejected', report.rejected);
  ports.meter.milliseconds('ChunkDuration', storedAt - startedAt);
  ports.meter.bytes('PeakMemory', peakMemoryBytes());
  ports.logger.info('chunk computed', { ...report, milliseconds: storedAt - startedAt });
  return report;
}

/** Rows at the two ends of the chunk: those of steps that no step of it feeds, and of those that feed none. */
export function chunkReport(plan: Plan, chunk: string, steps: readonly StepCount[]): ChunkReport {
  const inChunk = new Set(steps.map((step) => step.node));
  const feeders = new Map(plan.nodes.map((node) => [node.id, inputsOf(node)]));
  const feeding = new Set(steps.flatMap((step) => feeders.get(step.node) ?? []));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const first = steps.filter((step) => !feeders.get(step.node)?.some((id) => inChunk.has(id)));
  return {
    chunk,
    rowsIn: sum(first.map((step) => step.rowsIn)),
    rowsOut: sum(steps.filter((step) => !feeding.has(step.node)).map((step) => step.rowsOut)),
    rejected: sum(steps.map((step) => step.rejected)),
  };
}
