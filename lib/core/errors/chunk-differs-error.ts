import { TerminalError } from './terminal-error.ts';

/** A repeated chunk computed something else than its first attempt stored. */
export class ChunkDiffersError extends TerminalError {
  override readonly name = 'ChunkDiffersError';
  readonly code = 'CHUNK_DIFFERS';
}
