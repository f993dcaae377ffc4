import { join } from 'node:path';
import type { StagePlan } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { PlanInconsistentError } from '../../core/errors/plan-inconsistent-error.ts';
import type { InputFile } from '../../engine/chunk.ts';
import { runKeys } from '../keys.ts';
import { imbalance } from '../ledger/check-steps.ts';
import { readLedger } from '../ledger/ledger.ts';
import type { LedgerFile } from '../ledger/ledger-entry.ts';
import type { ChunkMessage } from '../messages.ts';
import { type PipelineCode, referenceNodes } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { TableColumns } from '../table/table-columns.ts';
import { arrivingFiles } from './arriving-files.ts';
import { fetchFile } from './fetch-file.ts';

type FetchPorts = Pick<Ports, 'objects' | 'runs' | 'engine'>;

const downloadsAtOnce = 8;

/** Brings the files of a chunk onto this machine's disk. */
export async function fetchInputs(
  ports: FetchPorts,
  pipeline: PipelineCode,
  message: ChunkMessage,
  folder: string,
  signal: AbortSignal,
): Promise<readonly InputFile[]> {
  const stage = stageOf(pipeline, message.item.stage);
  return stage.kind === 'process'
    ? fetchSourceFiles(ports, message, folder, signal)
    : fetchExchangeFiles(ports, pipeline, message, stage, folder, signal);
}

/** Brings the captured references; by node id. */
export async function fetchReferences(
  ports: FetchPorts,
  pipeline: PipelineCode,
  message: ChunkMessage,
  folder: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const keys = runKeys(message.pipeline, message.run);
  const fetched = await concurrently(referenceNodes(pipeline.plan), downloadsAtOnce, async (node, index) => {
    const path = join(folder, `reference-${index}.parquet`);
    await ports.objects.download({ key: keys.reference(node) }, path, signal);
    return [node, path] as const;
  });
  return Object.fromEntries(fetched);
}

export function stageOf(pipeline: PipelineCode, id: string): StagePlan {
  const stage = pipeline.plan.stages.find((candidate) => candidate.id === id);
  if (stage) return stage;
  throw new PlanInconsistentError({
    problem: 'a chunk belongs to a stage that the plan does not have',
    received: id,
    allowed: pipeline.plan.stages.map((candidate) => candidate.id),
    change: 'start the run again',
  });
}

async function fetchSourceFiles(
  ports: FetchPorts,
  message: ChunkMessage,
  folder: string,
  signal: AbortSignal,
): Promise<readonly InputFile[]> {
  const replaced = await fetchReplaced(ports, message, folder, signal);
  const tables = new TableColumns(ports.objects);
  return concurrently(message.item.inputs ?? [], downloadsAtOnce, async (input, index) => {
    const fetched = await fetchFile(ports, input, join(folder, `input-${index}`), signal);
    const others = input.rejects ? undefined : replaced.get(input.source);
    return { ...fetched, ...(await tables.of(input)), ...(others && { replaced: others }) };
  });
}

/** Where a replay reads all of its run again: records that take the place of others, by source. */
async function fetchReplaced(
  ports: FetchPorts,
  { trigger }: ChunkMessage,
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (trigger.kind !== 'replay' || !trigger.whole) return new Map();
  const fetched = await concurrently(trigger.inputs, downloadsAtOnce, async ({ source, key }, index) => {
    const path = join(folder, `replaced-${index}.parquet`);
    await ports.objects.download({ key }, path, signal);
    return { source, path };
  });
  return new Map(
    [...Map.groupBy(fetched, ({ source }) => source)].map(([source, files]) => [source, files.map(({ path }) => path)]),
  );
}

async function fetchExchangeFiles(
  ports: FetchPorts,
  pipeline: PipelineCode,
  message: ChunkMessage,
  stage: StagePlan,
  folder: string,
  signal: AbortSignal,
): Promise<readonly InputFile[]> {
  const reads = stage.reads ?? [];
  const feeders = pipeline.plan.stages.filter(({ exchanges }) => exchanges.some(({ id }) => reads.includes(id)));
  const files: LedgerFile[] = [];
  for (const { id } of feeders) {
    const entries = await readLedger(ports, message.run, id);
    await requireAllChunks(ports, message, id, entries.length);
    files.push(...entries.flatMap((entry) => entry.files));
  }
  const exchanges = feeders.flatMap((feeder) => feeder.exchanges).filter(({ id }) => reads.includes(id));
  const { partition = 0, partitions } = message.item;
  const arriving = arrivingFiles(exchanges, files, { partition, partitions });
  return concurrently(arriving, downloadsAtOnce, async ({ file: { key, of }, ...share }, file) => {
    const path = join(folder, `input-${file}.parquet`);
    await ports.objects.download({ key }, path, signal);
    return { path, key, of, file, ...share };
  });
}

/** A partition is complete only when every chunk before it has said what it handed on. */
async function requireAllChunks(
  ports: FetchPorts,
  message: ChunkMessage,
  feeder: string,
  found: number,
): Promise<void> {
  const run = await ports.runs.find(message.run);
  const expected = run?.extract?.stages[feeder]?.chunks;
  if (expected === found) return;
  throw imbalance(
    `chunk ${message.item.stage}/${message.item.chunk}`,
    `the stage before it ("${feeder}") is not complete`,
    `${found} ledger entries for ${expected ?? 'an unknown number of'} chunks`,
  );
}
