import { literal, quoted } from '../component/shape.ts';
import type { InputFile } from './chunk.ts';
import type { FileNames } from './rejects.ts';
import { rowColumn } from './relation.ts';
import type { Session } from './session.ts';

/** Under this name the files of an exchange keep the names of the source files that their rows come from. */
const filesKey = 'files';

/** What goes into every file of an exchange beside its rows. */
export function exchangeMetadata(names: FileNames): Record<string, string> {
  return { [filesKey]: JSON.stringify(names) };
}

/** The names that the files were written with. */
export async function fileNames(session: Session, files: readonly InputFile[]): Promise<FileNames[]> {
  if (files.length === 0) return [];
  const list = files.map((file) => literal(file.path)).join(', ');
  const found = await session.rows(
    `SELECT DISTINCT decode(value) AS names FROM parquet_kv_metadata([${list}]) WHERE decode(key) = ${literal(filesKey)}`,
  );
  return found.map((row) => JSON.parse(row.names));
}

/** SQL of the rows of an exchange, in the types of its columns; also where no chunk handed any on. */
export function exchangeSelect(
  files: readonly InputFile[],
  columns: readonly { name: string; type: string }[],
): string {
  const list = (column: (one: { name: string; type: string }) => string, row: string) =>
    [...columns.map((one) => `${column(one)} AS ${quoted(one.name)}`), `${row} AS ${rowColumn}`].join(', ');
  if (files.length === 0) return `SELECT ${list(({ type }) => `NULL::${type}`, '0::BIGINT')} WHERE false`;
  const paths = files.map((file) => literal(file.path)).join(', ');
  return `SELECT ${list(({ name, type }) => `${quoted(name)}::${type}`, rowColumn)} FROM read_parquet([${paths}], hive_partitioning = false)`;
}
