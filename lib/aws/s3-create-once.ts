import type { Clock } from '../core/clock.ts';
import { WriteConflictError } from '../core/errors/write-conflict-error.ts';
import type { WriteOutcome } from '../runtime/ports/object-store.ts';
import { translateFailure } from './translate-failure.ts';

const mostAttempts = 6;

/**
 * Runs a write that carries `If-None-Match: *`. 412 is a success: the object exists. 409 means that another writer is at
 * the same key right now: its outcome is awaited by trying again, as is that of an upload that is gone. Throws
 * `WriteConflictError`.
 */
export async function createOnce(
  operation: string,
  clock: Clock,
  key: string,
  write: () => Promise<void>,
): Promise<WriteOutcome> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const outcome = await translateFailure(operation, () => attemptWrite(write));
    if (outcome !== 'conflict') return outcome;
    await clock.sleep(Math.random() * 2 ** attempt * 50);
  }
  throw new WriteConflictError({
    problem: 'another writer was at the same object each time',
    received: key,
    change: 'try again',
  });
}

async function attemptWrite(write: () => Promise<void>): Promise<WriteOutcome | 'conflict'> {
  try {
    await write();
    return 'written';
  } catch (error) {
    const { name, $metadata } = error as { readonly name?: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 412) return 'exists';
    if ($metadata?.httpStatusCode === 409) return 'conflict';
    // Completed before, by a call whose answer was lost; or given up by somebody.
    if (name === 'NoSuchUpload') return 'conflict';
    throw error;
  }
}
