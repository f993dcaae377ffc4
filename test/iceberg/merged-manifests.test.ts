import { icebergRead } from 'icebird';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataFile } from '../../lib/iceberg/data-file.ts';
import { manifestGroups, manyManifests } from '../../lib/iceberg/manifest-groups.ts';
import type { ManifestSummary } from '../../lib/iceberg/manifest-list.ts';
import type { TableMetadata } from '../../lib/iceberg/table-metadata.ts';
import { TableOnDisk } from './table-on-disk.ts';

const columns = [{ name: 'id', type: 'BIGINT', nullable: false }];
const byId = [{ column: 'id', transform: 'identity' }];

describe('a table of many commits', () => {
  let table: TableOnDisk;
  beforeEach(async () => {
    table = await new TableOnDisk().open();
  });
  afterEach(() => table.close());

  const append = (id: number, layout: readonly (typeof byId)[number][] = []) =>
    table.change({
      columns,
      layout,
      parts: [{ rows: `SELECT ${id}::BIGINT AS id`, partition: layout.map(() => String(id)) }],
    });

  const removing =
    (removed: string) =>
    ({ path }: DataFile) =>
      path === removed ? [] : undefined;

  async function read(metadata: TableMetadata): Promise<number[]> {
    const rows = await icebergRead({ tableUrl: table.location, metadata: metadata as any });
    return rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
  }

  it('has few manifests, which say of each file what they said before', async () => {
    const ids = Array.from({ length: manyManifests }, (_, index) => index + 1);
    for (const id of ids) await append(id);
    const before = table.metadata!;
    expect(await table.manifests(before)).toHaveLength(manyManifests);
    const entries = await table.entries(before);

    // A manifest that says what a commit removes is that commit's.
    const state = { metadata: before, file: table.file };
    const first = await table.change({ columns, parts: [], becomes: removing(entries[0]!.file.path) });
    expect((await table.manifests(first)).map(({ files }) => files.deleted)).toEqual([1, ...ids.slice(1).map(() => 0)]);
    Object.assign(table, state);

    const after = await append(manyManifests + 1, byId);
    const manifests = await table.manifests(after);
    expect(manifests.map(({ files, minSequence }) => ({ ...files, minSequence }))).toEqual([
      { existing: manyManifests, added: 0, deleted: 0, minSequence: 1 },
      { existing: 0, added: 1, deleted: 0, minSequence: manyManifests + 1 },
    ]);
    expect((await table.entries(after)).slice(0, -1)).toEqual(entries);
    expect(entries.map(({ sequence }) => sequence)).toEqual(ids);
    expect(after.snapshots.at(-1)!.summary).toMatchObject({
      operation: 'append',
      'added-data-files': '1',
      'total-data-files': String(manyManifests + 1),
      'total-records': String(manyManifests + 1),
    });
    expect(await read(after)).toEqual([...ids, manyManifests + 1]);
    expect(await read(before)).toEqual(ids);

    const later = await append(manyManifests + 2, byId);
    expect(await table.manifests(later)).toHaveLength(3);
    const without = await table.change({
      columns,
      layout: byId,
      parts: [],
      becomes: removing(entries[0]!.file.path),
    });
    expect(await read(without)).toEqual([...ids.slice(1), manyManifests + 1, manyManifests + 2]);
  }, 60_000);
});

describe('manifests that become one', () => {
  const manifest = (path: string, { megabytes = 0.01, specId = 0 } = {}) =>
    ({ path, bytes: megabytes * 1024 * 1024, specId }) as ManifestSummary;
  const named = (count: number, name: string, how = {}) =>
    Array.from({ length: count }, (_, index) => manifest(`${name}${index}`, how));
  const sizes = (manifests: readonly ManifestSummary[]) => manifestGroups(manifests).map((group) => group.length);

  it('are many', () => {
    expect(sizes([])).toEqual([]);
    expect(sizes(named(manyManifests - 1, 'a'))).toEqual([]);
    expect(sizes(named(manyManifests, 'a'))).toEqual([manyManifests]);
  });

  it('are of one layout', () => {
    expect(sizes([...named(60, 'a'), ...named(60, 'b', { specId: 1 })])).toEqual([]);
    const [group] = manifestGroups([...named(60, 'a'), ...named(1, 'b', { specId: 1 }), ...named(40, 'c')]);
    expect(group).toHaveLength(100);
    expect(new Set(group!.map(({ specId }) => specId))).toEqual(new Set([0]));
  });

  it('fit in one, and what is full is left alone', () => {
    expect(sizes([...named(1, 'full', { megabytes: 8 }), ...named(50, 'a')])).toEqual([]);
    expect(sizes(named(5, 'large', { megabytes: 3 }))).toEqual([2, 2]);
    expect(sizes(named(3, 'larger', { megabytes: 20 }))).toEqual([]);
  });
});
