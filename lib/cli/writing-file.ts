import { CommandInputError } from './errors.ts';

/** Writes a file that the user has named. What the disk refuses is a `CommandInputError` that names it. */
export function writingFile<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new CommandInputError({
      problem: `the file cannot be written: ${(cause as Error).message}`,
      received: file,
      allowed: 'a file in a folder that exists',
      change: 'name another file',
      cause,
    });
  }
}
