import { badRequest } from './errors.ts';

const defaultPage = 100;

/** One page of a list. Every listing of this API has the members `Items`, `MaxResults` and `NextToken`. */
export function paginate<T>(all: readonly T[], input: { MaxResults?: string | number; NextToken?: string }) {
  const start = Number(input.NextToken ?? 0);
  const length = Number(input.MaxResults ?? defaultPage);
  if (!Number.isSafeInteger(start) || start < 0) throw badRequest('Invalid nextToken parameter specified');
  if (!Number.isSafeInteger(length) || length < 1) throw badRequest('Invalid maxResults parameter specified');
  const end = start + length;
  return { Items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
