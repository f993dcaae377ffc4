import { icebergRead } from 'icebird';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fieldId } from '../../lib/component/field-id.ts';
import type { ManifestEntry } from '../../lib/iceberg/data-file.ts';
import type { StoredColumn } from '../../lib/iceberg/evolve-schema.ts';
import { parseValue } from '../../lib/iceberg/parse-value.ts';
import { TableOnDisk } from './table-on-disk.ts';

const column = (name: string, type: string, nullable = true): StoredColumn => ({ name, type, nullable });
const orders = [column('id', 'BIGINT', false), column('country', 'VARCHAR'), column('amount', 'DECIMAL(9,2)')];
const byCountry = [{ column: 'country', transform: 'identity' }];
const german = { rows: "SELECT 1::BIGINT AS id, 'de' AS country, 1.50::DECIMAL(9,2) AS amount", partition: ['de'] };
const swiss = { rows: "SELECT 2::BIGINT AS id, 'ch' AS country, 20::DECIMAL(9,2) AS amount", partition: ['ch'] };
const nowhere = {
  rows: 'SELECT 3::BIGINT AS id, NULL::VARCHAR AS country, NULL::DECIMAL(9,2) AS amount',
  partition: [null],
};

describe('a table of Iceberg', () => {
  let table: TableOnDisk;
  beforeEach(async () => {
    table = await new TableOnDisk().open();
  });
  afterEach(() => table.close());

  async function read(): Promise<Record<string, any>[]> {
    const rows = await icebergRead({ tableUrl: table.location, metadata: table.metadata as any });
    return rows.toSorted((a, b) => Number(a.id) - Number(b.id));
  }

  it('is read back by a reader that knows nothing of its writer', async () => {
    await table.change({ columns: orders, layout: byCountry, parts: [german, swiss, nowhere] });
    expect(await read()).toEqual([
      { id: 1n, country: 'de', amount: 1.5 },
      { id: 2n, country: 'ch', amount: 20 },
      { id: 3n, country: null, amount: null },
    ]);
    expect(table.metadata!.snapshots[0]!.summary).toMatchObject({
      operation: 'append',
      'added-records': '3',
      'total-data-files': '3',
      'changed-partition-count': '3',
    });
  });

  it('is parted by timestamps and times, of which Avro knows longs', async () => {
    const columns = [
      column('id', 'BIGINT'),
      column('at', 'TIMESTAMP'),
      column('seen', 'TIMESTAMP WITH TIME ZONE'),
      column('hour', 'TIME'),
    ];
    const layout = ['at', 'seen', 'hour'].map((name) => ({ column: name, transform: 'identity' }));
    const rows = (id: number, at: string) =>
      `SELECT ${id}::BIGINT AS id, ${at}::TIMESTAMP AS "at", ${at}::TIMESTAMPTZ AS seen, ${at}::TIMESTAMP::TIME AS hour`;
    const time = '2024-05-01 10:30:00';
    await table.change({
      columns,
      layout,
      parts: [{ rows: rows(1, `'${time}'`), partition: [time, `${time}+00`, '10:30:00'] }],
    });
    const metadata = await table.change({
      columns,
      layout,
      parts: [{ rows: rows(2, 'NULL'), partition: [null, null, null] }],
    });
    const micros = BigInt(Date.UTC(2024, 4, 1, 10, 30)) * 1000n;
    const entries = await table.entries(metadata);
    expect(entries.map(({ file }) => file.partition)).toEqual([
      [micros, micros, 37_800_000_000n],
      [null, null, null],
    ]);
    expect((await read()).map(({ at }) => at)).toEqual([new Date(Date.UTC(2024, 4, 1, 10, 30)), null]);
  });

  it('finds a partition of a FLOAT again by what DuckDB prints', async () => {
    const printed = '1.3333334';
    const metadata = await table.change({
      columns: [column('id', 'BIGINT'), column('ratio', 'FLOAT')],
      layout: [{ column: 'ratio', transform: 'identity' }],
      parts: [{ rows: 'SELECT 1::BIGINT AS id, (4 / 3)::FLOAT AS ratio', partition: [printed] }],
    });
    const [{ file }] = (await table.entries(metadata)) as [ManifestEntry];
    expect(file.partition).toEqual([parseValue('float', printed)]);
  });

  it('is parted by numbers that are infinite or none, which end no run in its last step', async () => {
    const ratios = ['nan', 'inf', '-inf', '0.5'];
    const metadata = await table.change({
      columns: [column('id', 'BIGINT'), column('ratio', 'DOUBLE')],
      layout: [{ column: 'ratio', transform: 'identity' }],
      parts: ratios.map((ratio, id) => ({
        rows: `SELECT ${id}::BIGINT AS id, '${ratio}'::DOUBLE AS ratio`,
        partition: [ratio],
      })),
    });
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5];
    expect((await table.entries(metadata)).map(({ file }) => file.partition)).toEqual(values.map((value) => [value]));
    expect((await table.manifests(metadata))[0]!.partitions).toMatchObject([{ containsNan: true }]);
    expect((await read()).map(({ ratio }) => ratio)).toEqual(values);
  });

  it('grows by what is appended', async () => {
    await table.change({ columns: orders, parts: [{ ...german, partition: [] }] });
    const metadata = await table.change({
      columns: orders,
      parts: [{ ...swiss, partition: [] }],
      facts: { 'penstock.run': 'r2' },
    });
    expect((await read()).map(({ id }) => id)).toEqual([1n, 2n]);
    expect(metadata).toMatchObject({
      'last-sequence-number': 2,
      schemas: { length: 1 },
      'partition-specs': { length: 1 },
    });
    expect(metadata.snapshots[1]).toMatchObject({
      'parent-snapshot-id': metadata.snapshots[0]!['snapshot-id'],
      summary: { 'penstock.run': 'r2', 'total-records': '2', 'total-data-files': '2' },
    });
    expect(metadata['metadata-log']).toHaveLength(1);
  });

  it('loses the files that a change removes, and keeps the others', async () => {
    await table.change({ columns: orders, layout: byCountry, parts: [german, swiss] });
    const other = { rows: "SELECT 9::BIGINT AS id, 'de' AS country, 7::DECIMAL(9,2) AS amount", partition: ['de'] };
    const becomes = ({ partition }: { partition: readonly unknown[] }) => (partition[0] === 'de' ? [] : undefined);
    const metadata = await table.change({ columns: orders, layout: byCountry, parts: [other], becomes });
    expect((await read()).map(({ id }) => id)).toEqual([2n, 9n]);
    expect(metadata.snapshots[1]!.summary).toMatchObject({
      operation: 'overwrite',
      'deleted-data-files': '1',
      'deleted-records': '1',
      'total-records': '2',
    });
    const emptied = await table.change({ columns: orders, layout: byCountry, parts: [], becomes: () => [] });
    expect(emptied.snapshots[2]!.summary).toMatchObject({
      operation: 'delete',
      'total-records': '0',
      'total-files-size': '0',
    });
    await table.change({ columns: orders, layout: byCountry, parts: [swiss] });
    expect((await read()).map(({ id }) => id)).toEqual([2n]);
  });

  it('takes new columns, and wider types, without touching the files that are there', async () => {
    await table.change({ columns: [column('id', 'INTEGER', false)], parts: [{ rows: 'SELECT 1 AS id' }] });
    const wider = [column('id', 'BIGINT', false), column('note', 'VARCHAR', false)];
    const metadata = await table.change({
      columns: wider,
      parts: [{ rows: "SELECT 5000000000::BIGINT AS id, 'new' AS note" }],
    });
    expect(metadata.schemas).toMatchObject([
      { fields: [{ id: fieldId(['id'], 'INTEGER'), type: 'int', required: true }] },
      {
        fields: [
          { id: fieldId(['id'], 'BIGINT'), type: 'long', required: true },
          { id: fieldId(['note'], 'VARCHAR'), name: 'note', required: false },
        ],
      },
    ]);
    expect((await read()).map(({ note }) => note)).toEqual([undefined, 'new']);
  });

  it('says the bounds and partitions of files that are there in the wider types, as not every reader does that', async () => {
    const byId = [{ column: 'id', transform: 'identity' }];
    const narrow = [column('id', 'INTEGER'), column('share', 'FLOAT')];
    const rows = 'SELECT 7 AS id, 0.5::FLOAT AS share';
    await table.change({ columns: narrow, layout: byId, parts: [{ rows, partition: ['7'] }] });
    const metadata = await table.change({
      columns: [column('id', 'BIGINT'), column('share', 'DOUBLE')],
      layout: byId,
      parts: [{ rows: 'SELECT 8::BIGINT AS id, 0.25::DOUBLE AS share', partition: ['8'] }],
    });
    const entries = await table.entries(metadata);
    expect(entries.map(({ file }) => file.partition)).toEqual([[7n], [8n]]);
    const [{ file }] = entries as [ManifestEntry];
    const bounds = ['id', 'share'].map((name, index) => {
      const { lower } = file.columns.get(fieldId([name], narrow[index]!.type))!;
      return [lower!.length, index === 0 ? Buffer.from(lower!).readBigInt64LE() : Buffer.from(lower!).readDoubleLE()];
    });
    expect(bounds).toEqual([
      [8, 7n],
      [8, 0.5],
    ]);
    expect(metadata.snapshots.at(-1)!.summary).toMatchObject({ operation: 'append', 'total-records': '2' });
    expect((await read()).map(({ id }) => Number(id))).toEqual([7, 8]);
  });

  it('says them so of copies of these files as well, of which a merge tells in the types of before', async () => {
    const layout = ['identity', 'truncate[10]', 'bucket[4]'].map((transform) => ({ column: 'id', transform }));
    const narrow = await table.change({
      columns: [column('id', 'INTEGER')],
      layout,
      parts: [{ rows: 'SELECT 7 AS id', partition: ['7', '0', '3'] }],
    });
    const [before] = (await table.entries(narrow)) as [ManifestEntry];
    const wide = await table.change({
      columns: [column('id', 'BIGINT')],
      layout,
      parts: [{ rows: 'SELECT 8::BIGINT AS id', partition: ['8', '0', '1'] }],
      becomes: () => [before.file],
    });
    const { file } = (await table.entries(wide)).find((entry) => entry.file.path === before.file.path)!;
    expect(file.partition).toEqual([7n, 0n, 3]);
    expect(file.columns.get(fieldId(['id'], 'INTEGER'))!.lower).toHaveLength(8);
  });

  it('says partitions in the narrower type again after a rollback', async () => {
    const layout = [{ column: 'id', transform: 'identity' }];
    const narrow = {
      columns: [column('id', 'INTEGER')],
      layout,
      parts: [{ rows: 'SELECT 7 AS id', partition: ['7'] }],
    };
    const first = await table.change(narrow);
    const wide = await table.change({ columns: [column('id', 'BIGINT')], layout, parts: [] });
    // As a rollback leaves it.
    const { 'current-schema-id': schema, 'current-snapshot-id': snapshot } = first;
    table.metadata = { ...wide, 'current-schema-id': schema, 'current-snapshot-id': snapshot! };
    const [{ file }] = (await table.entries(table.metadata)) as [ManifestEntry];
    expect(file.partition).toEqual([7]);
    const metadata = await table.change({ ...narrow, becomes: () => [file] });
    expect((await table.entries(metadata)).map(({ file: { partition } }) => partition)).toEqual([[7], [7]]);
  });

  it('keeps the id of a column whose type is widened', () => {
    expect(fieldId(['id'], 'BIGINT')).toBe(fieldId(['id'], 'INTEGER'));
    expect(fieldId(['a'], 'DECIMAL(9,2)')).toBe(fieldId(['a'], 'DECIMAL(18,2)'));
    expect(fieldId(['a'], 'DECIMAL(9,2)')).not.toBe(fieldId(['a'], 'DECIMAL(9,3)'));
    expect(fieldId(['a', 'b'], 'DATE')).not.toBe(fieldId(['a.b'], 'DATE'));
  });

  it('refuses rows whose type the files that are there cannot have', async () => {
    await table.change({ columns: [column('id', 'BIGINT')], parts: [{ rows: 'SELECT 1::BIGINT AS id' }] });
    await expect(
      table.change({ columns: [column('id', 'VARCHAR')], parts: [{ rows: "SELECT 'a' AS id" }] }),
    ).rejects.toMatchObject({ name: 'TableSchemaError', received: 'string' });
    const replaced = await table.change({
      columns: [column('id', 'VARCHAR')],
      parts: [{ rows: "SELECT 'a' AS id" }],
      keepRows: false,
      becomes: () => [],
    });
    expect(replaced.schemas.at(-1)!.fields).toEqual([
      { id: fieldId(['id'], 'VARCHAR'), name: 'id', required: false, type: 'string' },
    ]);
    expect(fieldId(['id'], 'VARCHAR')).not.toBe(fieldId(['id'], 'BIGINT'));
  });
});
