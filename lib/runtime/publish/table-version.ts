import type { FileSizes } from '../../component/output-file.ts';
import type { Column } from '../../component/plan.ts';
import type { Order } from '../../component/shape.ts';
import type { LedgerFile } from '../ledger/ledger-entry.ts';
import type { TableCommit, TablePointer } from '../ports/table-catalog.ts';

/** One version of an export, as an immutable object in the lake: which files hold its rows. */
export interface TableVersion {
  readonly formatVersion: 1;
  readonly table: string;
  readonly version: number;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  readonly files: readonly TableFile[];
  /** How its files are laid out, as its sink asks for. Absent: as it comes. */
  readonly layout?: TableLayout;
  /** How far sources were taken, as a snapshot of a table says it. Absent: none goes on. */
  readonly cursors?: Readonly<Record<string, string>>;
  /** Run that published this version, or the one before, where it differs in its files alone. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Order of the rows in each file, and how large files and row groups become. */
export interface TableLayout extends FileSizes {
  readonly sortBy?: readonly Order[];
}

export interface TableFile {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Run that wrote the file. */
  readonly run: string;
}

export interface NextVersion {
  readonly table: string;
  readonly mode: 'append' | 'replace';
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  readonly files: readonly Pick<LedgerFile, 'key' | 'rows' | 'bytes' | 'partitionValues'>[];
  readonly layout?: TableLayout;
  readonly cursors?: TableVersion['cursors'];
  readonly run: string;
  readonly at: number;
}

/** The version that follows `pointer`: the earlier files and the run's, or the run's alone. */
export function nextVersion(pointer: TablePointer, earlier: readonly TableFile[], next: NextVersion): TableVersion {
  const { table, mode, columns, partitionBy, layout, cursors, run, at } = next;
  const added = next.files.map(({ key, rows, bytes, partitionValues = {} }) => ({
    key,
    rows,
    bytes,
    partitionValues,
    run,
  }));
  const files = mode === 'append' ? [...earlier, ...added] : added;
  const version = pointer.version + 1;
  return {
    formatVersion: 1,
    table,
    version,
    columns,
    partitionBy,
    files,
    ...(layout && { layout }),
    ...(cursors && { cursors }),
    run,
    at,
  };
}

/** What the catalog is told of a version. */
export function commitOfVersion(version: TableVersion, metadata: string): TableCommit {
  return {
    table: version.table,
    version: version.version,
    metadata,
    rows: version.files.reduce((sum, file) => sum + file.rows, 0),
    bytes: version.files.reduce((sum, file) => sum + file.bytes, 0),
    files: version.files.length,
    run: version.run,
    at: version.at,
  };
}
