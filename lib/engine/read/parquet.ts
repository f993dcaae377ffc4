import { numberedRows } from '../numbered-rows.ts';
import { rowBits } from '../relation.ts';
import { type ReadRequest, reading } from '../source-files.ts';
import { type FileFit, fitColumns } from './fit-columns.ts';
import { requireExact, requireOne, unfaithfulColumns } from './parquet-columns.ts';

export interface ParquetRows {
  readonly types: Readonly<Record<string, string>>;
  readonly records: number;
  readonly fit: FileFit;
  /** SQL of a row's id, asked of the view. */
  readonly row: string;
}

/** Parquet is read where it lies: a view, so that later steps read only the columns and row groups they need. */
export function readParquet(request: ReadRequest): Promise<ParquetRows> {
  const { session, file, name } = request;
  return reading(request, async () => {
    const { from, columns, number } = await numberedRows(session, file.path, file.byId);
    // Files of tables are Penstock's own.
    const unfaithful = file.byId ? undefined : await unfaithfulColumns(session, file.path, columns);
    const { fields } = request.node.contract;
    if (unfaithful)
      requireOne(
        unfaithful,
        fields.map((field) => field.name),
        file.key,
      );
    const fit = fitColumns(request, columns);
    const asked = Object.values(fit.sources).filter((source) => source !== undefined);
    if (unfaithful) requireExact(unfaithful, asked, file.key);
    const range = file.rows ? ` WHERE ${number} >= ${file.rows.from} AND ${number} < ${file.rows.to}` : '';
    await session.run(`CREATE VIEW ${name} AS SELECT * FROM ${from}${range}`);
    const [records] = await session.counts(`SELECT count(*) FROM ${name}`);
    return {
      types: Object.fromEntries(columns.map((column) => [column.name, column.type])),
      records: records!,
      fit,
      row: `(${file.file}::BIGINT << ${rowBits}) + ${number} + 1`,
    };
  });
}
