import { literal } from '../component/shape.ts';
import { InputMalformedError } from './errors.ts';
import { Session } from './session.ts';

/** Rows of each row group of a Parquet file, in order. */
export async function rowGroups(path: string, key: string): Promise<number[]> {
  const session = await Session.open({
    folders: [path.slice(0, path.lastIndexOf('/'))],
    memoryMegabytes: 512,
    threads: 1,
  });
  try {
    const rows = await session.rows(
      `SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(${literal(path)}) ORDER BY row_group_id`,
    );
    return rows.map((row) => Number(row.row_group_num_rows));
  } catch (cause) {
    throw new InputMalformedError({
      problem: `${key} cannot be read as parquet: ${String((cause as Error).message).split('\n')[0]}`,
      received: key,
      allowed: 'a whole Parquet file',
      change: 'send the file again',
      cause,
    });
  } finally {
    session.close();
  }
}
