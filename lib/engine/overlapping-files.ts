import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { Session } from './session.ts';

/** A file of a table, with what is known of the columns of a key. */
export interface KeyedFile {
  readonly id: string;
  /** By column. One that is not here may hold anything. */
  readonly bounds: Readonly<Record<string, KeyBounds>>;
}

/** As text that DuckDB reads back. Without `lower` and `upper` the file holds nothing but NULLs in the column. */
export interface KeyBounds {
  readonly lower?: string;
  readonly upper?: string;
  readonly nulls: boolean;
}

/** Into so many ranges of keys the rows are summed up, so that files are held against these and not against each row. */
const ranges = 1000;

/**
 * The files that can hold a row with the key of one of the rows, by their bounds.
 * @param rows SQL as it stands behind FROM
 */
export async function overlapping(
  session: Session,
  rows: string,
  keys: readonly Column[],
  files: readonly KeyedFile[],
): Promise<readonly KeyedFile[]> {
  if (files.length === 0) return [];
  const names = keys.map(({ name }) => quoted(name));
  const sums = names.map(
    (name, key) =>
      `min(${name}) AS least_${key}, max(${name}) AS most_${key}, bool_or(${name} IS NULL) AS nulls_${key}`,
  );
  const summed = `SELECT ${sums.join(', ')} FROM (SELECT *, ntile(${ranges}) OVER (ORDER BY ${names.join(', ')}) AS __range FROM ${rows}) GROUP BY __range`;
  const values = files.map(
    ({ bounds }, index) => `(${[index, ...keys.flatMap((key) => valuesOf(key, bounds[key.name]))].join(', ')})`,
  );
  const columns = keys.flatMap((_, key) => [`known_${key}`, `lower_${key}`, `upper_${key}`, `null_${key}`]);
  const meets = keys.map(
    (_, key) =>
      `(NOT known_${key} OR coalesce(least_${key} <= upper_${key} AND most_${key} >= lower_${key}, false) OR (nulls_${key} AND null_${key}))`,
  );
  const found = await session.rows(
    `SELECT DISTINCT __index FROM (VALUES ${values.join(', ')}) AS files(__index, ${columns.join(', ')}) JOIN (${summed}) ON ${meets.join(' AND ')} ORDER BY __index`,
  );
  return found.map((row) => files[Number(row.__index)]!);
}

function valuesOf({ type }: Column, bounds: KeyBounds | undefined): string[] {
  const text = (value: string | undefined) => `${value === undefined ? 'NULL' : literal(value)}::${type}`;
  return [String(bounds !== undefined), text(bounds?.lower), text(bounds?.upper), String(bounds?.nulls ?? true)];
}
