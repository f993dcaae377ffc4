/** What the runtime, the code and the engine itself hold before any data comes. */
const ownMegabytes = 192;
/** Share of the rest that DuckDB may fill: it takes memory beyond its limit, and so do the bytes on their way in and out. */
const memoryShare = 0.45;

/** The data budget of a function of this size, in megabytes: what DuckDB may fill. */
export function dataMegabytes(memoryMegabytes: number): number {
  return Math.max(128, Math.floor((memoryMegabytes - ownMegabytes) * memoryShare));
}
