import { dirname } from 'node:path';
import { literal, quoted } from '../component/shape.ts';
import { neutral } from './formulas.ts';
import { createRejects, filterSql, type RejectFilter, rejectColumns } from './reject-table.ts';
import { Session } from './session.ts';
import { shownColumns } from './shown-rejects.ts';

export interface ExportRequest {
  /** Files of rejects on this machine. */
  readonly files: readonly string[];
  readonly filter: RejectFilter;
  /** File to write; its folder exists. */
  readonly path: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** True: a cell that a spreadsheet would take for a formula gets an apostrophe in front. CSV only. */
  readonly neutralise: boolean;
  readonly workFolder: string;
}

const formats = { csv: 'FORMAT csv, HEADER true', ndjson: 'FORMAT json', parquet: 'FORMAT parquet, COMPRESSION zstd' };

/**
 * Writes rejects into one file, in the order of their files and places; values of restricted columns stand in none of
 * them. Returns how many.
 */
export async function exportRejects(request: ExportRequest): Promise<number> {
  const { files, filter, path, format, neutralise, workFolder } = request;
  const folders = [...new Set([workFolder, dirname(path), ...files.map((file) => dirname(file))])];
  const session = await Session.open({ folders, memoryMegabytes: 4096, threads: 2 });
  try {
    await createRejects(session, [{ run: '', files }]);
    const shown = rejectColumns.filter(({ name }) => !/^(meets$|open_)/.test(name));
    const columns = shown.map(({ name, type }) => {
      const column = quoted(name);
      if (type !== 'VARCHAR' || !neutralise) return column;
      return `${neutral(column)} AS ${column}`;
    });
    const select = `SELECT ${columns.join(', ')} FROM (SELECT ${shownColumns} FROM rejects WHERE ${filterSql(filter)}) ORDER BY file, version, "row", node`;
    const [rows] = await session.counts(`SELECT count(*) FROM rejects WHERE ${filterSql(filter)}`);
    await session.run(`COPY (${select}) TO ${literal(path)} (${formats[format]})`);
    return rows!;
  } finally {
    session.close();
  }
}
