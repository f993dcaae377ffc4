import { dataMegabytes } from './data-budget.ts';

/** What the size of chunks is made from. */
export interface ChunkResources {
  readonly workerMemoryMegabytes: number;
  readonly chunkBytes: number;
}

/** More chunks than this make the run's lists longer and its work no faster. */
const manyChunks = 1000;
/** Who asks for smaller ones than usual wants them, as far as lists of them stay short enough to be read at once. */
const mostChunks = 10_000;
/** Text takes up to so many times its size in memory while it is typed, and half of the memory is for that. */
const timesTyped = 4;
const memoryShare = 1 / 2 / timesTyped;

const usualBytes = 64 * 1024 * 1024;

/** Input bytes of a chunk where the plan's author names none: no more text than a worker has room for, once it is typed. */
export function usualChunkBytes(workerMemoryMegabytes: number): number {
  return Math.min(usualBytes, (dataMegabytes(workerMemoryMegabytes) * 1e6) / timesTyped);
}

/**
 * Input bytes of one chunk of a run: what the plan says, and more where the run would have more than a thousand chunks
 * (ten thousand, where the plan asks for smaller ones than usual), as far as the memory of a worker goes.
 * @param inputBytes of the whole run, as stored
 */
export function chunkBytesFor({ workerMemoryMegabytes, chunkBytes }: ChunkResources, inputBytes: number): number {
  const most = workerMemoryMegabytes * 1024 * 1024 * memoryShare;
  const chunks = chunkBytes < usualChunkBytes(workerMemoryMegabytes) ? mostChunks : manyChunks;
  return Math.max(chunkBytes, Math.floor(Math.min(inputBytes / chunks, most)));
}
