import { dirname } from 'node:path';
import { literal } from '../component/shape.ts';
import { InputMalformedError } from './errors.ts';
import { Session } from './session.ts';

/** One row group of a Parquet file. */
export interface RowGroup {
  readonly rows: number;
  /** Byte offsets in the file of its column chunks, `to` exclusive. */
  readonly bytes: { readonly from: number; readonly to: number };
}

/**
 * Row groups of a Parquet file in their order. Reads the footer only, so that the rest of the file may be a hole; a read
 * of a range of rows likewise touches the bytes of its own row groups and no others.
 */
export async function inspectFile({
  path,
  key,
}: {
  readonly path: string;
  readonly key: string;
}): Promise<readonly RowGroup[]> {
  const session = await Session.open({ folders: [dirname(path)], memoryMegabytes: 512, threads: 1 });
  try {
    const groups = await session.rows(
      'SELECT any_value(row_group_num_rows) AS "rows", min(least(data_page_offset, coalesce(dictionary_page_offset, data_page_offset))) AS start, ' +
        `sum(total_compressed_size) AS size FROM parquet_metadata(${literal(path)}) GROUP BY row_group_id ORDER BY row_group_id`,
    );
    return groups.map(({ rows, start, size }) => ({
      rows: Number(rows),
      bytes: { from: Number(start), to: Number(start) + Number(size) },
    }));
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
