import { invalid } from './state.ts';

const defaultPage = 100;

/** One page of a sorted list; the token is the place at which the next page begins. */
export function paginate<T>(all: readonly T[], input: { MaxResults?: unknown; NextToken?: string }) {
  const start = Number(input.NextToken ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) throw invalid('NextToken is not valid.');
  const end = start + Number(input.MaxResults ?? defaultPage);
  return { page: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
