import type { Path } from '../component/shape.ts';

/** A fault in one expression, with its place in the options. */
export class TypingError extends Error {
  readonly path: Path;
  override readonly cause: Error;

  constructor(cause: Error, path: Path) {
    super(cause.message);
    this.name = 'TypingError';
    this.cause = cause;
    this.path = path;
  }
}
