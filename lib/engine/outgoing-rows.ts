import type { Column, Exchange } from '../component/plan.ts';
import { type Projection, quoted } from '../component/shape.ts';
import type { HotKeys } from './hot-keys.ts';
import { keyColumn, type RangeCuts, sortKey } from './ranges.ts';
import { type Relation, rowColumn } from './relation.ts';
import { storableType } from './stored-type.ts';

/** Hidden column of rows on their way to another stage: the hash partition that they belong to. */
export const partitionColumn = '__partition';

/**
 * SQL of what a table file holds: the columns of its node and nothing hidden.
 * @param columns those of the output
 * @param made columns that the output itself makes of the others
 */
export function storedRows(relation: Relation, columns: readonly Column[], made: readonly Projection[]): string {
  const own = made.map(({ name, expression }) => {
    const { type } = columns.find((column) => column.name === name)!;
    return `(${expression.sql}\n)::${type} AS ${quoted(name)}`;
  });
  return `SELECT ${[...relation.columns.map(stored), ...own].join(', ')} FROM ${relation.name}`;
}

/** SQL of rows that stand for several, on their way to another stage. */
export function mergedRows(
  select: string,
  {
    columns,
    exchange,
    partitions,
  }: { columns: readonly Column[]; exchange: Pick<Exchange, 'keys'>; partitions: number },
): string {
  const kept = columns.map(travelling).filter((sql) => sql.includes(' AS '));
  const replaced = kept.length > 0 ? ` REPLACE (${kept.join(', ')})` : '';
  return `SELECT *${replaced}, (${partitionHash(exchange)} % ${partitions})::INTEGER AS ${partitionColumn} FROM (${select})`;
}

/** SQL of rows on their way to another stage. Those of hot keys have numbers above those of all partitions. */
export function travellingRows(
  relation: Relation,
  exchange: Pick<Exchange, 'columns' | 'keys' | 'spread'>,
  { partitions, hot }: { readonly partitions: number; readonly hot: HotKeys | undefined },
): string {
  const columns = relation.columns.filter(({ name }) => exchange.columns.includes(name)).map(travelling);
  const hash = `(${partitionHash(exchange)} % ${partitions})::INTEGER`;
  const number = hot ? `${hash} + CASE WHEN ${hot.isHot} THEN ${partitions} ELSE 0 END` : hash;
  return `SELECT ${[...columns, rowColumn].join(', ')}, ${number} AS ${partitionColumn} FROM ${hot?.from ?? relation.name}`;
}

/** SQL of rows on their way to another stage, parted by the ranges of an order. */
export function rangedRows(
  relation: Relation,
  { columns: names, ranges = [] }: Pick<Exchange, 'columns' | 'ranges'>,
  { number }: RangeCuts,
): string {
  const columns = relation.columns.filter(({ name }) => names.includes(name)).map(travelling);
  const keyed = `SELECT *, ${sortKey(ranges)} AS ${keyColumn} FROM ${relation.name}`;
  return `SELECT ${[...columns, rowColumn].join(', ')}, ${number} AS ${partitionColumn} FROM (${keyed})`;
}

function partitionHash({ keys, spread }: Pick<Exchange, 'keys' | 'spread'>): string {
  const list = keys.map(quoted);
  if (spread === 'all') return `hash(${rowColumn})`;
  if (list.length === 0) return '0';
  if (spread !== 'nulls') return `hash(${list.join(', ')})`;
  return `CASE WHEN ${list.map((key) => `${key} IS NULL`).join(' OR ')} THEN hash(${rowColumn}) ELSE hash(${list.join(', ')}) END`;
}

/** No decimal of a file holds all integers of 128 bits; as text they arrive as they were. */
function travelling(column: Column): string {
  const { name, type } = column;
  return /^U?HUGEINT$/.test(type) ? `${quoted(name)}::VARCHAR AS ${quoted(name)}` : stored(column);
}

function stored({ name, type }: Column): string {
  const kept = storableType(type) ?? type;
  return kept === type ? quoted(name) : `${quoted(name)}::${kept} AS ${quoted(name)}`;
}
