import { AwsError } from '../aws-error.ts';

export interface PageRequest {
  /** What the page before gave as `next`. */
  readonly token?: unknown;
  /** How many there are on a page at the most. */
  readonly size: unknown;
}

/** One page of a sorted list; `next` is undefined on the last. Throws ValidationException where the token is none. */
export function paginate<T>(all: readonly T[], { token, size }: PageRequest): { page: T[]; next?: string } {
  const start = token == null ? 0 : Number(token);
  if (!Number.isSafeInteger(start) || start < 0) throw new AwsError('ValidationException', 'The token is not valid.');
  const end = start + Number(size);
  return { page: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
}
