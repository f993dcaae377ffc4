import { RetryableError } from './retryable-error.ts';

/** The machine gave this chunk up, or the function is about to end, while it was at work. */
export class ChunkInterruptedError extends RetryableError {
  override readonly name = 'ChunkInterruptedError';
  readonly code = 'CHUNK_INTERRUPTED';
}
