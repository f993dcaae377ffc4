import type { Format } from '../../component/connector.ts';

/**
 * What a byte of input costs, measured: `npm run bench -- engine` in its parts (`node bench/engine/work.ts penstock`, one
 * thread, 50,000 and 400,000 orders, the difference of both, November 2026). The job validates, deduplicates, filters,
 * derives, joins, aggregates and writes: a plain copy takes half as long, a heavy user function several times as long.
 */
export interface WorkFigures {
  /** Seconds of one vCPU for a million bytes of input, as stored. */
  readonly cpuSecondsPerMegabyte: number;
  /** Bytes of Parquet that the rows of one byte of input take: what tables hold, and what travels between stages. */
  readonly parquetPerByte: number;
}

export const workFigures: Readonly<Record<Format['kind'], WorkFigures>> = {
  csv: { cpuSecondsPerMegabyte: 0.023, parquetPerByte: 0.18 },
  ndjson: { cpuSecondsPerMegabyte: 0.047, parquetPerByte: 0.09 },
  json: { cpuSecondsPerMegabyte: 0.047, parquetPerByte: 0.09 },
  // A megabyte holds 30,000 orders (0.13 s) or 220,000 flights (0.8 s): this lies between them.
  parquet: { cpuSecondsPerMegabyte: 0.3, parquetPerByte: 1.1 },
};

/** Of several threads each does less than one alone: 395,000 rows a second on two, 239,000 on one. */
export const threadShare = 0.83;
/** Memory that comes with one vCPU: docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html. */
export const megabytesPerCpu = 1769;
/** A function's network, from 50 to 88 MB/s, measured from Lambda to S3 in one region. */
export const networkBytesPerSecond = 70_000_000;
/** What a chunk takes whatever its size: from the state to the worker and back, and opening the engine. */
export const chunkOverheadSeconds = 1.5;
/** What a run takes besides its chunks: Initialize, Extract, Assess, Publish and Commit, with their cold starts. */
export const runOverheadSeconds = 15;
/** Of a partitioned table a chunk writes a file for each value that occurs in it; how many, only the data knows. */
export const assumedPartitionFiles = 10;
/** Of rows that became groups, how many are left where all of these meet in one chunk; how many, only the data knows. */
export const assumedGroupShare = 0.01;
