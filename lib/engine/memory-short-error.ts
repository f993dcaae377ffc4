import { TerminalError } from '../core/errors/terminal-error.ts';

/** The work takes more memory than the function has, though what can be spilled was: nothing is wrong with the data. */
export class MemoryShortError extends TerminalError {
  static override readonly kind = 'configuration';
  override readonly name = 'MemoryShortError';
  readonly code = 'MEMORY_SHORT';
}

/**
 * Throws where DuckDB had no memory left, which must not count as damage of a file or as a fault of a value.
 * @param what subject of the sentence, e.g. `step orders.1-sort`
 */
export function throwIfMemoryShort(cause: unknown, what: string): void {
  const message = String((cause as Error).message ?? cause);
  if (!message.startsWith('Out of Memory Error')) return;
  const [used] = /[\d.]+ \w+\/[\d.]+ \w+ used/.exec(message) ?? [];
  throw new MemoryShortError({
    problem: `${what} takes more memory than the function has for data`,
    received: used,
    allowed: 'work that fits, or that can be spilled to the disk',
    change: 'give the workers more, e.g. resources: { workerMemoryMegabytes: 6144 }, or smaller chunks with chunkBytes',
    cause,
  });
}
