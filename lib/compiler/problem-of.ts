import { ColumnTypeUnfitError, ColumnUnknownError, MemberRenamedError } from '../component/errors.ts';
import type { Path } from '../component/shape.ts';
import type { Locate } from '../component/user-location.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type { Problem } from '../definition/index.ts';
import { TypingError } from '../engine/typing-error.ts';

/** The same for an error that stands for several. */
export function problemsOfError(error: unknown, place: Parameters<typeof problemOf>[1]): Problem[] {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.map((one) => problemOf(one, place));
}

/** What the user sees of a fault that was found while typing; any other error goes on as it is. */
export function problemOf(
  error: unknown,
  { at, locate, part }: Pick<Problem, 'at' | 'part'> & { readonly locate?: Locate },
): Problem {
  const cause = error instanceof TypingError ? error.cause : error;
  if (!(cause instanceof PenstockError)) throw error;
  const path: Path =
    error instanceof TypingError
      ? error.path
      : [ColumnUnknownError, ColumnTypeUnfitError, MemberRenamedError].some((one) => cause instanceof one)
        ? (cause as ColumnUnknownError).path
        : [];
  const { problem, received, allowed, change } = cause;
  return { at: locate?.(path) ?? at, part: [part, ...path].join(' / '), problem, received, allowed, change };
}
