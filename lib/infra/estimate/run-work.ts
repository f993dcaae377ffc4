import type { Format } from '../../component/connector.ts';
import type { Plan, StagePlan } from '../../component/plan.ts';
import { chunkBytesFor } from '../../core/chunk-bytes.ts';
import { partitionsFor } from '../../core/partitions-for.ts';
import { groupStages } from '../stage-groups.ts';
import { megabytes, short } from './figures.ts';
import { meetingRows } from './meeting-rows.ts';
import {
  assumedPartitionFiles,
  chunkOverheadSeconds,
  megabytesPerCpu,
  networkBytesPerSecond,
  runOverheadSeconds,
  threadShare,
  workFigures,
} from './work-figures.ts';

/** What one stage of a run does. */
export interface StageWork {
  readonly stage: string;
  readonly chunks: number;
  /** Those of them that no row comes to: where all rows meet, they meet in one chunk. */
  readonly empty: number;
  /** Bytes that one of the others reads and writes. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of the same, start to end. */
  readonly chunkSeconds: number;
  /** How that comes about. */
  readonly arithmetic: string;
  /** Of the stage: waves of as many chunks as may be at work at once. */
  readonly seconds: number;
  readonly concurrency: number;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Requests of all its chunks. */
  readonly reads: number;
  readonly writes: number;
  /** DynamoDB units of all its chunks. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** What a run over an input of some size does, stage by stage. */
export interface RunWork {
  readonly bytes: number;
  readonly format: Format['kind'];
  /** True where all stages run in one chunk. */
  readonly solo: boolean;
  readonly stages: readonly StageWork[];
  readonly seconds: number;
}

const partBytes = 8 * 1024 * 1024;
/** A ledger entry: its counts, and a line for each file; long lists lie in an object beside it. */
const entryBytes = 2000;
const fileBytes = 250;
const mostEntryBytes = 34_000;

/** @param bytes of all input files together, as stored; those above the chunk size can be cut */
export function runWork(plan: Plan, bytes: number, format: Format['kind']): RunWork {
  const chunkBytes = chunkBytesFor(plan.resources, bytes);
  const solo = bytes <= chunkBytes;
  const chunks = Math.max(1, Math.ceil(bytes / chunkBytes));
  const partitions = partitionsFor(plan.resources, bytes);
  const stages = (solo ? plan.stages.slice(0, 1) : plan.stages).map((stage) =>
    stageWork(stage, { plan, bytes, format, solo, chunks, partitions }),
  );
  return {
    bytes,
    format,
    solo,
    stages,
    seconds: runOverheadSeconds + stages.reduce((sum, one) => sum + one.seconds, 0),
  };
}

interface Surroundings {
  readonly plan: Plan;
  readonly bytes: number;
  readonly format: Format['kind'];
  readonly solo: boolean;
  readonly chunks: number;
  readonly partitions: number;
}

function stageWork(
  stage: StagePlan,
  { plan, bytes, format, solo, chunks: pieces, partitions }: Surroundings,
): StageWork {
  const group = groupStages(plan).find(({ stages }) => stages.includes(stage.id))!;
  const isFirst = stage.kind === 'process';
  const chunks = isFirst ? pieces : partitions;
  const { together, bytes: rows } = meetingRows(plan, stage, bytes, pieces);
  const empty = together ? chunks - 1 : 0;
  const full = chunks - empty;
  const figures = workFigures[format];
  const rowsAsParquet = rows * figures.parquetPerByte;
  const bytesIn = (isFirst ? bytes : rowsAsParquet) / full;
  const outputs = plan.nodes.filter(({ kind, id }) => kind === 'output' && (solo || stage.nodes.includes(id)));
  const exchanges = solo ? [] : stage.exchanges;
  // Each of them may hold all rows.
  const bytesOut = ((outputs.length + exchanges.length) * rowsAsParquet) / full;
  // Rows that come from another stage cost what rows of a Parquet file do, byte for byte of the source.
  const worked = isFirst ? bytesIn : rows / full / 2;
  const cpuSeconds = (worked / 1e6) * figures.cpuSecondsPerMegabyte;
  const cpus = group.memoryMegabytes / megabytesPerCpu;
  const atWork = cpus <= 1 ? cpus : 1 + (cpus - 1) * threadShare;
  const computeSeconds = cpuSeconds / atWork;
  const chunkSeconds = chunkOverheadSeconds + computeSeconds + (bytesIn + bytesOut) / networkBytesPerSecond;
  const concurrency = Math.min(group.concurrency, chunks);
  const waves = (some: number) => Math.ceil(some / concurrency);

  const tableFiles = outputs.reduce(
    (sum, { options }) => sum + (isPartitioned(options) ? assumedPartitionFiles : 1),
    0,
  );
  const files = tableFiles + exchanges.length * partitions + 1;
  const feeders = plan.stages.filter(({ exchanges }) => exchanges.some(({ id }) => stage.reads?.includes(id)));
  const earlier = feeders.reduce((sum, { kind }) => sum + (kind === 'process' ? pieces : partitions), 0);
  const references = plan.nodes.filter((node) => node.kind === 'source' && node.use === 'reference').length;
  const inputReads = isFirst ? (format === 'parquet' ? 2 + bytesIn / partBytes : 1) : earlier;
  // Larger files go up in parts, with a request before and after.
  const parts = Math.max(1, Math.ceil(bytesOut / Math.max(1, files) / partBytes));
  const writesOfFile = parts === 1 ? 1 : parts + 2;
  const entry = Math.min(mostEntryBytes, entryBytes + files * fileBytes);
  return {
    stage: stage.id,
    chunks,
    empty,
    bytesIn,
    bytesOut,
    chunkSeconds,
    arithmetic: `${chunkOverheadSeconds} s + ${megabytes(worked)}${isFirst ? '' : ` (half its share of the ${format})`} × ${figures.cpuSecondsPerMegabyte} s ÷ ${short(atWork)} vCPU + ${megabytes(bytesIn + bytesOut)} ÷ ${networkBytesPerSecond / 1e6} MB/s`,
    seconds: waves(full) * chunkSeconds + waves(empty) * chunkOverheadSeconds,
    concurrency,
    memoryMegabytes: group.memoryMegabytes,
    timeoutSeconds: group.timeoutSeconds,
    reads: Math.ceil(chunks * (inputReads + references)),
    writes: Math.ceil(full * files * writesOfFile + empty),
    readUnits: Math.ceil(chunks * (1 + (earlier * entry) / 4096)),
    writeUnits: Math.ceil(chunks * Math.ceil(entry / 1024)),
  };
}

function isPartitioned(options: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(options.partitionBy) && options.partitionBy.length > 0;
}

/** Bytes on disk of one chunk while it is at work: what it reads, what it writes, and room for what does not fit in memory. */
export function diskBytes({ bytesIn, bytesOut }: Pick<StageWork, 'bytesIn' | 'bytesOut'>): number {
  return 2 * bytesIn + bytesOut;
}
