import { createReadStream, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type Contender, type JobOptions, orderTypes } from './job.ts';
import { OrderColumns } from './order-columns.ts';
import { columns } from './orders.ts';
import { peer } from './peers.ts';

/** The standard job as a stream in JavaScript: bytes are cut into fields by hand, and values kept in typed arrays. */
export const stream: Contender = async (options) => {
  const { parquetWriteBuffer } = await peer('hyparquet-writer');
  return () =>
    work(options, (columnData) => {
      const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) };
      return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'ZSTD', compressors }));
    });
};

type Write = (columns: readonly { name: string; type: string; data: ArrayLike<unknown> }[]) => Uint8Array;

async function work({ orders, products, folder, format }: JobOptions, write: Write) {
  mkdirSync(join(folder, 'orders'));
  const kept = new OrderColumns();
  const rejects = createWriteStream(join(folder, 'rejects.ndjson'));
  const fieldsOf = format === 'csv' ? csvFields : jsonFields;
  let record = format === 'csv' ? 0 : 1;
  for await (const line of linesOf(orders)) {
    if (record === 0) {
      record++;
      continue;
    }
    const fields = fieldsOf(line);
    const reason = fields ? kept.take(fields) : 'record is cut short';
    if (reason) rejects.write(`${JSON.stringify({ record, column: reason.split(' ')[0], reason, raw: line })}\n`);
    record++;
  }
  await new Promise<void>((resolve) => rejects.end(resolve));
  const lookup = new Map(
    readFileSync(products, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => {
        const [sku = '', category = '', supplier = ''] = line.split(',');
        return [sku, { category, supplier }];
      }),
  );
  let day = 0;
  for (const table of kept.days(lookup)) writeFileSync(join(folder, 'orders', `${day++}.parquet`), write(table));
  writeFileSync(join(folder, 'sales.parquet'), write(kept.sales()));
  writeFileSync(join(folder, 'quality.json'), JSON.stringify(kept.quality(lookup)));
  return {
    orders: join(folder, 'orders/*.parquet'),
    sales: join(folder, 'sales.parquet'),
    rejects: `SELECT record, "column" FROM read_ndjson('${join(folder, 'rejects.ndjson')}')`,
  };
}

/** Lines as text; all bytes of the generated data are ASCII. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const text = rest + (bytes as Buffer).toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      yield text.slice(start, end);
      start = end + 1;
    }
    rest = text.slice(start);
  }
  if (rest !== '') yield rest;
}

const wanted = Object.keys(orderTypes).map((name) => columns.indexOf(name as never));

function csvFields(line: string): string[] | undefined {
  const fields = line.split(',');
  return fields.length === columns.length ? wanted.map((index) => fields[index]!) : undefined;
}

function jsonFields(line: string): string[] | undefined {
  try {
    const row = JSON.parse(line);
    return Object.keys(orderTypes).map((name) => (row[name] === null ? '' : String(row[name])));
  } catch {
    return undefined;
  }
}
