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
  if (!isMemoryShort(cause)) return;
  const message = messageOf(cause);
  const [used] = /[\d.]+ \w+\/[\d.]+ \w+ used/.exec(message) ?? [];
  throw new MemoryShortError({
    problem: `${what} takes more memory than the function has for data`,
    received: used,
    allowed: 'work that fits, or that can be spilled to the disk',
    change: 'give the workers more, e.g. resources: { workerMemoryMegabytes: 6144 }, or smaller chunks with chunkBytes',
    cause,
  });
}

/** Whether DuckDB had no memory left. */
export function isMemoryShort(cause: unknown): boolean {
  return messageOf(cause).startsWith('Out of Memory Error');
}

const messageOf = (cause: unknown) => String((cause as Error).message ?? cause);
