import type { Column } from '../../component/plan.ts';
import { PenstockError } from '../../core/errors/penstock-error.ts';
import { TypingError } from '../typing-error.ts';

/**
 * Type of a column that a step could not make. What hangs on it cannot be judged, and all else can: a definition with such
 * a column has a mistake, so it is in no plan. DuckDB takes it for a column that may be anything.
 */
export const unknownType = '"NULL"';

export function isUnknown({ type }: Pick<Column, 'type'>): boolean {
  return type === unknownType;
}

/** True for a mistake that is one only because nobody knows the type. */
export function isAboutUnknown(error: unknown): boolean {
  const cause = error instanceof TypingError ? error.cause : error;
  return cause instanceof PenstockError && String(cause.received).includes(unknownType);
}
