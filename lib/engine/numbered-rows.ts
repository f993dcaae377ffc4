import type { TableColumn } from '../component/field-id.ts';
import { literal, quoted } from '../component/shape.ts';
import { byIds } from './by-ids.ts';
import { sameName } from './column-names.ts';
import type { Session } from './session.ts';

export interface NumberedRows {
  /** SQL as it stands behind FROM. */
  readonly from: string;
  /** Those of the file, the number not among them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** SQL of the column with a row's number in its file, from 0. */
  readonly number: string;
}

/** What DuckDB calls the numbers of rows; it refuses to give them where a file has a column of that name. */
const given = 'file_row_number';

/**
 * The rows of a Parquet file with their numbers, whatever its columns are called.
 * @param by columns of a table by whose ids the file is read. Default: by the names that they have in the file
 */
export async function numberedRows(session: Session, path: string, by?: readonly TableColumn[]): Promise<NumberedRows> {
  const file = `read_parquet(${literal(path)}, ${by ? byIds(by) : 'hive_partitioning = false'}`;
  const columns = await session.columns(`SELECT * FROM ${file})`);
  const has = (name: string) => columns.some((column) => sameName(column.name, name));
  let name = '__number';
  while (has(name)) name += '_';
  const number = quoted(name);
  // Numbers of a window without an order follow the file, in one thread: slower, and right.
  const rows = has(given)
    ? `SELECT *, row_number() OVER () - 1 AS ${number} FROM ${file})`
    : `SELECT * RENAME (${given} AS ${number}) FROM ${file}, ${given} = true)`;
  return { from: `(${rows})`, columns, number };
}
