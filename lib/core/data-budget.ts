/** What the runtime, the code and the engine itself hold before any data comes. */
const ownMegabytes = 192;
/** Share of the rest that is meant for data: the bytes on their way in and out need some, too, and something must be left. */
const memoryShare = 0.45;

/** The data budget of a function of this size, in megabytes: what its work should take beyond what it holds before. */
export function dataMegabytes(memoryMegabytes: number): number {
  return Math.max(128, Math.floor((memoryMegabytes - ownMegabytes) * memoryShare));
}
