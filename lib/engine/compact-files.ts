import { dirname } from 'node:path';
import type { TableColumn } from '../component/field-id.ts';
import type { FileSizes } from '../component/output-file.ts';
import type { Order } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { CountMismatchError } from './errors.ts';
import { rowsOfFiles } from './quality/rows-of-files.ts';
import { Session } from './session.ts';
import { writeParquet } from './write.ts';

export interface CompactRequest {
  /** Parquet files of one table. */
  readonly paths: readonly string[];
  /** All columns that the files may have, by whose ids they are read. Absent: by the names that they have in the files. */
  readonly columns?: readonly TableColumn[] | undefined;
  /** An empty folder. */
  readonly workFolder: string;
  /** Name of what they become, without ending. */
  readonly name: string;
  readonly order?: readonly Order[];
  readonly sizes: FileSizes;
  readonly memoryMegabytes: number;
  readonly threads: number;
}

/** Writes the rows of many files into few. Throws `CountMismatchError` where a row would be lost, doubled or changed. */
export async function compactFiles(request: CompactRequest): Promise<OutputFile[]> {
  const { paths, columns, workFolder, name, order, sizes, memoryMegabytes, threads } = request;
  const folders = [workFolder, ...new Set(paths.map(dirname))];
  const session = await Session.open({ folders, memoryMegabytes, threads, keepsOrder: false });
  try {
    const rows = (files: readonly string[]) => rowsOfFiles(files, { differ: true, columns });
    const select = `SELECT * FROM ${rows(paths)}`;
    const files = await writeParquet({
      session,
      select,
      stored: columns ?? (await session.columns(`(${select})`)),
      kind: 'table',
      of: name,
      folder: workFolder,
      name,
      partitionBy: [],
      lasting: true,
      sizes,
      ...(order && { order }),
    });
    const before = await digest(session, rows(paths));
    const after = files.length > 0 ? await digest(session, rows(files.map(({ path }) => path))) : '0 0';
    if (before === after) return files;
    throw new CountMismatchError({
      problem: 'the files would not hold the same rows once they are merged',
      received: after,
      allowed: before,
      change: 'report this with the files: nothing was changed',
    });
  } finally {
    session.close();
  }
}

/** How many rows there are, and a digest of them that does not depend on their order. */
async function digest(session: Session, from: string): Promise<string> {
  const [row] = await session.rows(
    `SELECT count(*) || ' ' || coalesce(sum(hash(__all)::HUGEINT), 0) AS digest FROM ${from} __all`,
  );
  return row!.digest;
}
