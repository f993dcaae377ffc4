import { literal } from '../../component/shape.ts';
import { sameName } from '../column-names.ts';
import { SchemaMismatchError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { FileColumn } from './fit-columns.ts';
import { refuseTwins } from './refuse-twins.ts';

/** Columns of a Parquet file that DuckDB does not give as they are. */
export interface Unfaithful {
  /** Names that the file has twice: DuckDB gives all but the first of them other names. */
  readonly twins: readonly string[];
  /** Type in the file of each column with decimals of more than 38 digits: DuckDB reads other numbers in their place. */
  readonly longDecimals: ReadonlyMap<string, string>;
}

/** What DuckDB makes of the second column of a name. */
const numbered = /^(.*)_\d+$/s;
const none: Unfaithful = { twins: [], longDecimals: new Map() };

/**
 * Columns that DuckDB says nothing of, and gives otherwise than they are.
 * @param columns those that it gives: most files need not be asked
 */
export async function unfaithfulColumns(
  session: Session,
  path: string,
  columns: readonly FileColumn[],
): Promise<Unfaithful> {
  const renamed = columns.some(({ name }) => {
    const first = numbered.exec(name)?.[1];
    return first !== undefined && columns.some((column) => sameName(column.name, first));
  });
  if (!renamed && !columns.some(({ type }) => type?.includes('DOUBLE'))) return none;
  const rows = await session.rows(
    `SELECT name, num_children AS children, "precision", "scale" FROM parquet_schema(${literal(path)}) ORDER BY column_id`,
  );
  const names: string[] = [];
  const longDecimals = new Map<string, string>();
  const left: number[] = [];
  for (const { name, children, precision, scale } of rows) {
    while (left.at(-1) === 0) left.pop();
    // The first is the root of all columns.
    if (left.length === 1) names.push(String(name));
    if (left.length > 0) left[left.length - 1]!--;
    if (Number(precision ?? 0) > 38) longDecimals.set(names.at(-1)!, `DECIMAL(${precision},${scale ?? 0})`);
    left.push(Number(children ?? 0));
  }
  const twins = names.filter((name, index) => names.findIndex((other) => sameName(other, name)) !== index);
  return { twins, longDecimals };
}

/** Throws `SchemaMismatchError` where a name that is asked for stands for two columns, upper and lower case being the same. */
export function requireOne({ twins }: Unfaithful, asked: readonly string[], key: string): void {
  const twin = twins.find((name) => asked.some((other) => sameName(name, other)));
  if (twin !== undefined) refuseTwins([twin, twin], key);
}

/** Throws `SchemaMismatchError` where a column that is asked for would hold other numbers than the file. */
export function requireExact({ longDecimals }: Unfaithful, asked: readonly string[], key: string): void {
  const long = asked.find((name) => longDecimals.has(name));
  if (long === undefined) return;
  throw new SchemaMismatchError({
    problem: `the column "${long}" of ${key} holds decimals that no type has room for`,
    received: longDecimals.get(long),
    allowed: 'decimals of at most 38 digits',
    change: `write "${long}" with fewer digits, as text or as DOUBLE, or take it out of the contract`,
  });
}
