import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from '../../lib/cli/show-run.ts';
import { query } from '../fixtures/engine/duckdb.ts';
import { readCsv } from '../fixtures/engine/rfc4180.ts';
import { TestPlatform } from '../fixtures/platform.ts';

const sales =
  'id,sold,shop,amount\n9007199254740993,2026-01-31,=Rome,1.50\n2,2026-02-01,,123456789012345678.25\n3,2026-02-28,"Oslo, east",-2.00\n';

describe('a pipeline that writes every format', () => {
  let penstock: TestPlatform;
  let detail: RunDetail;

  beforeAll(async () => {
    penstock = await TestPlatform.start('exports');
    detail = await penstock.run('exports', 'landing/exports/1.csv', sales);
  }, 120_000);
  afterAll(() => penstock.close());

  /** The files that the newest manifest of an export lists, and the manifest. */
  async function manifestOf(name: string) {
    const keys = await penstock.keys(`exports/every/${name}/manifests/`);
    const manifest = JSON.parse((await penstock.platform.objects.readText(keys.at(-1)!))!);
    const urls = manifest.entries.map((entry: { url: string }) => entry.url as string);
    const own = (url: string) => url.replace(`${penstock.platform.objects.uri}/`, '');
    const paths = await Promise.all(urls.map((url: string) => penstock.fetch(own(url))));
    return { manifest, versions: keys.length, paths: paths as string[] };
  }

  it('ends well, with a ledger that balances and rules measured on the rows', () => {
    expect(detail.run.failure).toBeUndefined();
    expect(detail.run.state).toBe('Completed');
    expect(detail.ledger.filter((line) => !line.balanced)).toEqual([]);
    expect(detail.report!.rules.map(({ output, passed }) => [output, passed])).toEqual([
      ['table.exports.every.csv', 3],
      ['table.exports.every.json', 2],
    ]);
  });

  it('lists its files in a manifest, and a CSV reader reads them', async () => {
    const { manifest, versions, paths } = await manifestOf('csv');
    expect([versions, manifest.version, manifest.entries.length]).toEqual([1, 1, 1]);
    const [lines] = paths.map((path) =>
      readCsv(readFileSync(path, 'utf8')).map((line) => line.map(({ text }) => text)),
    );
    expect(lines).toEqual([
      ['id', 'sold', 'shop', 'amount'],
      ['2', '2026-02-01', '', '123456789012345678.25'],
      ['3', '2026-02-28', 'Oslo, east', '-2.00'],
      ['9007199254740993', '2026-01-31', "'=Rome", '1.50'],
    ]);
  });

  it('writes NDJSON that JSON.parse reads without rounding', async () => {
    const { paths } = await manifestOf('ndjson');
    const lines = paths.flatMap((path) => gunzipSync(readFileSync(path)).toString().trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: '2', sold: '2026-02-01', shop: null, amount: '123456789012345678.25' },
      { id: '3', sold: '2026-02-28', shop: 'Oslo, east', amount: '-2.00' },
      { id: '9007199254740993', sold: '2026-01-31', shop: '=Rome', amount: '1.50' },
    ]);
  });

  it('writes JSON that JSON.parse takes in one piece', async () => {
    const { paths } = await manifestOf('json');
    const rows = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')));
    expect(rows.map(({ shop }) => shop)).toEqual([null, 'Oslo, east', '=Rome']);
    expect(rows[1]).toEqual({ id: 3, sold: '2026-02-28', shop: 'Oslo, east', amount: -2 });
  });

  it('writes Parquet that DuckDB reads, in a folder for each value', async () => {
    const { manifest, paths } = await manifestOf('parquet');
    expect(manifest.entries.map((entry: { partitionValues: object }) => entry.partitionValues)).toEqual(
      expect.arrayContaining([{ shop: '=Rome' }, { shop: null }, { shop: 'Oslo, east' }]),
    );
    const list = paths.map((path) => `'${path}'`).join(', ');
    expect(await query(`SELECT id, amount::VARCHAR AS amount FROM read_parquet([${list}]) ORDER BY id`)).toEqual([
      { id: '2', amount: '123456789012345678.25' },
      { id: '3', amount: '-2.00' },
      { id: '9007199254740993', amount: '1.50' },
    ]);
  });

  it('gives a table the column that names its folders by an expression', async () => {
    const rows = await penstock.query(
      'SELECT month::VARCHAR AS month, count(*)::INTEGER AS n FROM every_sale GROUP BY month ORDER BY month',
      'every_sale',
    );
    expect(rows).toEqual([
      { month: '2026-01-01', n: 1 },
      { month: '2026-02-01', n: 2 },
    ]);
    const keys = await penstock.keys('curated/every_sale/data/');
    expect(new Set(keys.map((key) => key.split('/')[4]))).toEqual(new Set(['month=2026-01-01', 'month=2026-02-01']));
  });
});
