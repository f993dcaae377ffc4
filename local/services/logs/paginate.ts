import { invalid } from './known-input.ts';

/** One page of a list, from where `nextToken` points to. `most` is both the default and the largest `limit`. */
export function paginate<T>(
  items: readonly T[],
  { nextToken, limit }: { nextToken?: string; limit?: number },
  most = 50,
): { page: readonly T[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start)) throw invalid('The specified nextToken is invalid.');
  if (limit !== undefined && (limit < 1 || limit > most))
    throw invalid(`limit must be from 1 to ${most}, got ${limit}`);
  const end = start + (limit ?? most);
  return { page: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
