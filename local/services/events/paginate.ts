import { invalid } from './state.ts';

const defaultPage = 100;

/** One page of a sorted list; the token is the place at which the next page begins. */
export function paginate<T>(
  all: readonly T[],
  input: { Limit?: number; NextToken?: string },
): { page: T[]; NextToken?: string } {
  const start = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64').toString());
  if (!Number.isSafeInteger(start) || start < 0) throw invalid('NextToken is not valid.');
  const end = start + (input.Limit ?? defaultPage);
  const page = all.slice(start, end);
  return end < all.length ? { page, NextToken: Buffer.from(String(end)).toString('base64') } : { page };
}
