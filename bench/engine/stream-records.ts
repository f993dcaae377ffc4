import { createReadStream } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { type JobOptions, orderTypes } from './job.ts';
import type { OrderColumns } from './order-columns.ts';
import { columns } from './orders.ts';
import { peer } from './peers.ts';

/** Hands every record to the columns, and says which they refuse: its number from 1, why, and its text. */
export type Read = (kept: OrderColumns, refuse: (record: number, reason: string, raw: string) => void) => Promise<void>;

const names = Object.keys(orderTypes);

/** Lines as text; all bytes of the generated data are ASCII. */
export function readText({ orders, format }: JobOptions): Read {
  const fieldsOf = format === 'csv' ? csvFields : jsonFields;
  return async (kept, refuse) => {
    let record = format === 'csv' ? 0 : 1;
    const take = (line: string) => {
      const fields = record === 0 ? undefined : fieldsOf(line);
      const reason = fields ? kept.take(fields) : 'record is cut short';
      if (reason !== undefined && record > 0) refuse(record, reason, line);
      record++;
    };
    let rest = '';
    for await (const bytes of createReadStream(orders, { highWaterMark: 1024 * 1024 })) {
      const text = rest + (bytes as Buffer).toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        take(text.slice(start, end));
        start = end + 1;
      }
      rest = text.slice(start);
    }
    if (rest !== '') take(rest);
  };
}

/** One row group after the other, and of each the columns of the contract. */
export async function readParquet({ orders }: JobOptions): Promise<Read> {
  const { parquetRead, parquetMetadataAsync, asyncBufferFromFile } = await peer('hyparquet');
  return async (kept, refuse) => {
    const file = await asyncBufferFromFile(orders);
    const metadata = await parquetMetadataAsync(file);
    const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };
    let start = 0;
    for (const { num_rows } of metadata.row_groups) {
      const [rowStart, rowEnd] = [start, start + Number(num_rows)];
      const onComplete = (rows: any[][]) => {
        for (let index = 0; index < rows.length; index++) {
          const reason = kept.takeTyped(rows[index]!);
          if (reason) refuse(rowStart + index + 1, reason, rows[index]!.join(','));
        }
      };
      await parquetRead({ file, metadata, compressors, columns: names, rowStart, rowEnd, onComplete });
      start = rowEnd;
    }
  };
}

const wanted = names.map((name) => columns.indexOf(name as never));

function csvFields(line: string): string[] | undefined {
  const fields = line.split(',');
  return fields.length === columns.length ? wanted.map((index) => fields[index]!) : undefined;
}

function jsonFields(line: string): string[] | undefined {
  try {
    const row = JSON.parse(line);
    return names.map((name) => (row[name] === null ? '' : String(row[name])));
  } catch {
    return undefined;
  }
}
