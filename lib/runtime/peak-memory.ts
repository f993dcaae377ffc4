/** The most memory that this process has held so far. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
