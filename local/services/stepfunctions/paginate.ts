import { AwsError } from '../../aws-error.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** One page of a list; the token is the place where the next one begins, under the same question. */
export function paginate<T>(
  all: readonly T[],
  input: { maxResults?: number; nextToken?: string },
  most = 1_000,
): Page<T> {
  const size = input.maxResults ? Math.min(input.maxResults, most) : Math.min(100, most);
  const start = input.nextToken === undefined ? 0 : startOf(input.nextToken);
  const items = all.slice(start, start + size);
  const end = start + items.length;
  return end < all.length ? { items, nextToken: Buffer.from(`from:${end}`).toString('base64') } : { items };
}

function startOf(token: string): number {
  const place = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (place === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(place);
}
