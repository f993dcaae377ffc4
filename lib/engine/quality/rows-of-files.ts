import type { TableColumn } from '../../component/field-id.ts';
import type { Column } from '../../component/plan.ts';
import { literal, quoted } from '../../component/shape.ts';
import { byIds } from '../by-ids.ts';

/** SQL of rows that there are none of, as it stands behind FROM. */
export function noRows(columns: readonly Column[]): string {
  return `(SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${quoted(name)}`).join(', ')} WHERE false)`;
}

export interface FilesRead {
  /**
   * True where the files may have been written with other columns: DuckDB then keeps the footers of all of them, a quarter
   * of a gigabyte of a thousand. Default false: those of a run are alike.
   */
  readonly differ?: boolean;
  /** Columns of the table by whose ids its files are read. Absent: by the names that they have in the files. */
  readonly columns?: readonly TableColumn[] | undefined;
}

/** SQL of the rows of Parquet files that hold one table, as it stands behind FROM. */
export function rowsOfFiles(paths: readonly string[], { differ = false, columns }: FilesRead = {}): string {
  const files = `[${paths.map(literal).join(', ')}]`;
  if (columns) return `read_parquet(${files}, ${byIds(columns)})`;
  return `read_parquet(${files}${differ ? ', union_by_name = true' : ''}, hive_partitioning = false)`;
}
