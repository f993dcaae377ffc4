import { type Order, quoted } from '../component/shape.ts';
import type { KeyRange } from './chunk.ts';
import { type Relation, rowColumn } from './relation.ts';
import { searchSql } from './search-sql.ts';
import type { Session } from './session.ts';

/** A range is not worth a file for fewer rows. */
const leastRows = 256;
/** Rows that are looked at for each range. */
const sampledRows = 64;
/** Bytes of a key that a range tells; rows that are the same up to there stay together. */
const mostKeyBytes = 256;

/** Where a chunk cuts its rows. */
export interface RangeCuts {
  readonly ranges: readonly KeyRange[];
  /** SQL of the number of the range that a row is in, asked of its key, `__key`. */
  readonly number: string;
}

/** Hidden column: what the place of a row in an order is told by. */
export const keyColumn = '__key';

/**
 * SQL of a text of bytes that compares as the order does; of rows that are equal in the order, the one that comes first
 * in the source is the smaller, so that many equal rows can be cut, too.
 */
export function sortKey(order: readonly Order[]): string {
  const columns = order.map(
    ({ column, descending }) => `${quoted(column)}, '${descending ? 'DESC' : 'ASC'} NULLS LAST'`,
  );
  return `create_sort_key(${[...columns, `${rowColumn}, 'ASC NULLS LAST'`].join(', ')})`;
}

/**
 * Cuts rows into ranges of about one size, `most` at the most, by a sample that is the same whenever the chunk is
 * repeated.
 */
export async function cutRanges(
  session: Session,
  relation: Relation,
  { order, most }: { readonly order: readonly Order[]; readonly most: number },
): Promise<RangeCuts> {
  const count = Math.max(1, Math.min(most, Math.floor(relation.rows / leastRows)));
  const every = Math.max(1, Math.floor(relation.rows / (count * sampledRows)));
  const key = sortKey(order);
  const [ends] = await session.rows(`SELECT hex(min(${key})) AS first, hex(max(${key})) AS last FROM ${relation.name}`);
  const sampled = `SELECT ${key} AS key FROM ${relation.name} WHERE hash(${rowColumn}) % ${every} = 0`;
  const cuts = await session.rows(
    `SELECT DISTINCT hex(key[:${mostKeyBytes}]) AS cut FROM (SELECT min(key) AS key FROM (SELECT key, ntile(${count}) OVER (ORDER BY key) AS part FROM (${sampled})) WHERE part > 1 GROUP BY part) ORDER BY cut`,
  );
  const first = ends?.first?.slice(0, mostKeyBytes * 2) ?? '';
  const bounds = cuts.map(({ cut }) => cut as string).filter((cut) => cut > first);
  const last: string | null = ends?.last ?? null;
  // The smallest text above another one is that with a zero behind it.
  const end = last !== null && last.length <= mostKeyBytes * 2 ? `${last}00` : undefined;
  const ranges = [first, ...bounds].map((from, index) => ({ from, to: bounds[index] ?? end }));
  const number = searchSql({
    count: ranges.length,
    below: (index) => `${keyColumn} < ${bytes(bounds[index - 1]!)}`,
    value: String,
  });
  return { ranges, number };
}

/** SQL that is true for rows in a range. */
export function inRange(order: readonly Order[], { from, to }: KeyRange): string {
  const key = sortKey(order);
  const above = from === undefined ? [] : [`${key} >= ${bytes(from)}`];
  return [...above, ...(to === undefined ? [] : [`${key} < ${bytes(to)}`])].join(' AND ') || 'true';
}

function bytes(hex: string): string {
  return `unhex('${hex}')`;
}
