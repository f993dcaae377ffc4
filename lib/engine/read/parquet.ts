import { literal } from '../../component/shape.ts';
import { rowBits, rowColumn } from '../relation.ts';
import { type ReadRequest, reading } from '../source-files.ts';
import { type FileFit, fitColumns } from './fit-columns.ts';

/** Parquet is read where it lies: a view, so that later steps read only the columns and row groups they need. */
export function readParquet(
  request: ReadRequest,
): Promise<{ readonly types: Readonly<Record<string, string>>; readonly records: number; readonly fit: FileFit }> {
  const { session, file, name } = request;
  return reading(request, async () => {
    const source = `read_parquet(${literal(file.path)}, file_row_number = true)`;
    const columns = (await session.columns(`SELECT * FROM ${source}`)).filter(
      (column) => column.name !== 'file_row_number',
    );
    const fit = fitColumns(request, columns);
    const range = file.rows ? ` WHERE file_row_number >= ${file.rows.from} AND file_row_number < ${file.rows.to}` : '';
    await session.run(
      `CREATE VIEW ${name} AS SELECT * EXCLUDE (file_row_number), (${file.file}::BIGINT << ${rowBits}) + file_row_number + 1 AS ${rowColumn} FROM ${source}${range}`,
    );
    const [records] = await session.counts(`SELECT count(*) FROM ${name}`);
    return {
      types: Object.fromEntries(columns.map((column) => [column.name, column.type])),
      records: records!,
      fit,
    };
  });
}
