import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { manyManifests } from '../../lib/iceberg/manifest-groups.ts';
import { TableOnDisk } from '../iceberg/table-on-disk.ts';
import { readMetadata } from './read-tables.ts';

/** A table whose metadata names files of this disk. */
class TableOfFiles extends TableOnDisk {
  override get location(): string {
    return `file://${this.folder}/orders`;
  }

  override pathOf(uri: string): string {
    return new URL(uri).pathname;
  }
}

const table = await new TableOfFiles().open();
afterAll(() => table.close());

const columns = [
  { name: 'id', type: 'BIGINT', nullable: false },
  { name: 'word', type: 'VARCHAR', nullable: true },
];

test('PyIceberg reads a table whose manifests were written into one', async () => {
  const commits = manyManifests + 2;
  const ids = Array.from({ length: commits }, (_, index) => index + 1);
  for (const id of ids)
    await table.change({
      columns,
      parts: [{ rows: `SELECT ${id}::BIGINT AS id, ${id % 10 === 0 ? 'NULL' : `'w${id}'`}::VARCHAR AS word` }],
    });
  const metadata = table.metadata!;
  const manifests = await table.manifests(metadata);
  expect(manifests.length).toBeLessThan(5);

  // To read each state would take a minute.
  const path = table.pathOf(table.file);
  const [latest] = metadata.snapshots.slice(-1);
  writeFileSync(path, JSON.stringify({ ...metadata, snapshots: [latest], 'snapshot-log': [] }));
  const read = (await readMetadata([path]))[0]![0]!;

  const byId = (a: { id?: string | null }, b: { id?: string | null }) => Number(a.id) - Number(b.id);
  expect(read.rows.toSorted(byId)).toEqual(
    ids.map((id) => ({ id: String(id), word: id % 10 === 0 ? null : `w${id}` })),
  );
  expect(read.files).toHaveLength(commits);
  const bounds = read.files.map(({ rows, columns: { id, word } }) => [rows, id!.lower, id!.upper, word!.nulls]);
  expect(bounds.toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual(
    ids.map((id) => [1, String(id), String(id), id % 10 === 0 ? 1 : 0]),
  );
});
