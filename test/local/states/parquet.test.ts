import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { realClock } from '../../../lib/core/clock.ts';
import { readParquet } from '../../../local/states/item-reader/parquet.ts';

it('reads the rows of a Parquet file as objects', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-test-'));
  try {
    const path = join(folder, 'rows.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1::BIGINT, 'a', [1, 2]), (2, NULL, [])) AS rows(id, name, list)) TO '${path}'`,
    );
    connection.disconnectSync();
    expect(await readParquet(readFileSync(path), realClock())).toEqual([
      { id: 1, name: 'a', list: [1, 2] },
      { id: 2, name: null, list: [] },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('tells of bytes that are no Parquet', async () => {
  await expect(readParquet(Buffer.from('no'), realClock())).rejects.toMatchObject({ error: 'States.ItemReaderFailed' });
});
