import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import type { Contender, JobOptions } from './job.ts';
import { OrderColumns } from './order-columns.ts';
import { peer } from './peers.ts';
import { type Read, readParquet, readText } from './stream-records.ts';

/** The standard job as a stream in JavaScript: bytes are cut into fields by hand, and values kept in typed arrays. */
export const stream: Contender = async (options) => {
  const { parquetWriteBuffer } = await peer('hyparquet-writer');
  const read = options.format === 'parquet' ? await readParquet(options) : readText(options);
  return () =>
    work(options, read, (columnData) => {
      const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) };
      return new Uint8Array(parquetWriteBuffer({ columnData, codec: 'ZSTD', compressors }));
    });
};

type Write = (columns: readonly { name: string; type: string; data: ArrayLike<unknown> }[]) => Uint8Array;

async function work({ products, folder }: JobOptions, read: Read, write: Write) {
  mkdirSync(join(folder, 'orders'));
  const kept = new OrderColumns();
  const rejects = createWriteStream(join(folder, 'rejects.ndjson'));
  await read(kept, (record, reason, raw) => {
    rejects.write(`${JSON.stringify({ record, column: reason.split(' ')[0], reason, raw })}\n`);
  });
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
    rejects: { files: join(folder, 'rejects.ndjson'), record: 'record', column: '"column"' },
  };
}
