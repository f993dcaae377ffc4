import { concurrently } from '../../core/concurrently.ts';
import { aliveEntries } from '../../iceberg/change-table.ts';
import { manifestsOf } from '../../iceberg/manifest-list.ts';
import type { Snapshot, TableMetadata } from '../../iceberg/table-metadata.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { currentSchema } from '../publish/read-table.ts';
import { tableFiles } from '../publish/table-files.ts';

/** URIs of all files that it takes to read snapshots of a table: manifest lists, manifests, data files. */
export async function reachableFiles(
  objects: Pick<ObjectStore, 'uri' | 'readBytes' | 'createBytes'>,
  metadata: TableMetadata,
  snapshots: readonly Snapshot[],
): Promise<ReadonlySet<string>> {
  const files = tableFiles(objects);
  const lists = await concurrently(snapshots, 8, async (snapshot) =>
    manifestsOf(await files.read(snapshot['manifest-list'])),
  );
  const manifests = new Map(lists.flat().map((manifest) => [manifest.path, manifest]));
  const entries = await concurrently([...manifests.values()], 8, (manifest) => {
    const spec = metadata['partition-specs'].find((one) => one['spec-id'] === manifest.specId)!;
    return aliveEntries(files, manifest, { spec, schemas: metadata.schemas, schema: currentSchema(metadata) });
  });
  return new Set([
    ...snapshots.map((snapshot) => snapshot['manifest-list']),
    ...manifests.keys(),
    ...entries.flat().map(({ file }) => file.path),
  ]);
}
