import { AwsError } from '../aws-error.ts';
import { checkWhole } from './constraint.ts';

export interface PageRequest {
  /** What the page before gave as `next`. */
  readonly token?: unknown;
  /** How many there are on a page at the most. */
  readonly size: unknown;
  /** The member that gave the size. Default `maxResults`. */
  readonly member?: string;
  /** The largest page that may be asked for. Default 1000. */
  readonly most?: number;
}

/** One page of a sorted list; `next` is undefined on the last. Throws ValidationException where token or size is none. */
export function paginate<T>(
  all: readonly T[],
  { token, size, member = 'maxResults', most = 1000 }: PageRequest,
): { page: T[]; next?: string } {
  checkWhole(member, size, [1, most]);
  const start = token == null ? 0 : Number(token === '' ? Number.NaN : token);
  if (!Number.isSafeInteger(start) || start < 0) throw new AwsError('ValidationException', 'The token is not valid.');
  const end = start + Number(size);
  return { page: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
}
