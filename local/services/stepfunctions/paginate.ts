import type { Clock } from '../../../lib/core/clock.ts';
import { AwsError } from '../../aws-error.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** A token for the next page is good for a day. */
const tokenMilliseconds = 24 * 60 * 60 * 1000;

/** One page of a list; the token is the place where the next one begins, under the same question. */
export function paginate<T>(
  clock: Pick<Clock, 'now'>,
  all: readonly T[],
  input: { maxResults?: number; nextToken?: string },
  most = 1_000,
): Page<T> {
  const size = input.maxResults ? Math.min(input.maxResults, most) : Math.min(100, most);
  const start = input.nextToken === undefined ? 0 : startOf(input.nextToken, clock.now());
  const items = all.slice(start, start + size);
  const end = start + items.length;
  if (end >= all.length) return { items };
  return { items, nextToken: Buffer.from(`from:${end}:${clock.now()}`).toString('base64') };
}

function startOf(token: string, now: number): number {
  const [, place, issued] = /^from:(\d+):(\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (place === undefined || now - Number(issued) > tokenMilliseconds)
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return Number(place);
}
