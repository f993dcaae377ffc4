import { type ChunkResources, chunkBytesFor } from './chunk-bytes.ts';

/** What the number of partitions is made from. */
export interface PartitionResources extends ChunkResources {
  /** The most that a run may have. */
  readonly partitions: number;
}

/** As many work side by side as most pipelines let; beyond it, more of them make more files and no more speed. */
const enough = 32;
/** Of a worker's memory, as stored: rows that meet are sorted or hashed, and what does not fit is spilled to the disk. */
const memoryShare = 1 / 4;

/**
 * Into how many parts rows go that travel between the stages of a run: one for each chunk up to 32, and from there on as
 * many as keep a part to a quarter of a worker's memory. Every chunk writes a file for each part, so their number is
 * the product of both.
 * @param inputBytes of the whole run, as stored
 */
export function partitionsFor(resources: PartitionResources, inputBytes: number): number {
  const chunks = Math.ceil(inputBytes / chunkBytesFor(resources, inputBytes));
  const large = Math.ceil(inputBytes / (resources.workerMemoryMegabytes * 1024 * 1024 * memoryShare));
  return Math.min(Math.max(Math.min(chunks, enough), large, 1), resources.partitions);
}
