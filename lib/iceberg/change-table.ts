import { concurrently } from '../core/concurrently.ts';
import type { DataFile, ManifestEntry } from './data-file.ts';
import type { EvolvedSchema } from './evolve-schema.ts';
import { type Layout, manifestEntries, manifestFile } from './manifest.ts';
import { manifestGroups } from './manifest-groups.ts';
import { type ManifestSummary, manifestListFile, manifestsOf, summarize } from './manifest-list.ts';
import type { BaseMetadata } from './metadata-log.ts';
import { nextMetadata } from './next-metadata.ts';
import type { PartitionSpec } from './partition-spec.ts';
import { snapshotSummary } from './snapshot-summary.ts';
import { currentSnapshot, type TableMetadata } from './table-metadata.ts';
import { widenedTypes, widenFile } from './widen-file.ts';

/** Where a table's files lie. Paths are URIs. */
export interface TableFiles {
  read(path: string): Promise<Buffer>;
  /** Writes a file that is not there. One of the same path holds the same, whoever wrote it. */
  create(path: string, bytes: Buffer): Promise<void>;
}

export interface TableChange {
  readonly base?: BaseMetadata;
  /** For a table that is not there yet. */
  readonly uuid: string;
  readonly location: string;
  readonly schema: EvolvedSchema;
  readonly partitioning: { readonly spec: PartitionSpec; readonly lastPartitionId: number };
  readonly added: readonly DataFile[];
  /**
   * What takes the place of a file that is there, in the same partition; nothing, where none is given. Undefined where
   * the file stays. Default: all stay.
   */
  readonly becomes?: (file: DataFile, spec: PartitionSpec) => readonly DataFile[] | undefined;
  /** Below 2^53. The same change has the same one, and then the same files. */
  readonly snapshotId: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Default: by whether files come and go. `replace`: the rows stay the same. */
  readonly operation?: 'replace';
  /** Kept in the snapshot beside its counts. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

/** A manifest of before as it goes on, and the files that it has lost and got. */
interface ChangedManifest {
  readonly manifest: ManifestSummary;
  readonly removed: readonly DataFile[];
  readonly added: readonly DataFile[];
}

const manifestsAtOnce = 8;

/**
 * Writes the manifests of a table's next state and returns its metadata. Nobody sees any of it before a catalog points
 * there.
 */
export async function changeTable(files: TableFiles, change: TableChange): Promise<TableMetadata> {
  const { base, snapshotId, schema, partitioning } = change;
  const before = base && currentSnapshot(base.metadata);
  const sequence = (base?.metadata['last-sequence-number'] ?? 0) + 1;
  const location = base?.metadata.location ?? change.location;
  const schemas = [...(base?.metadata.schemas ?? []), schema.schema];
  const write = async (name: string, spec: PartitionSpec, entries: readonly ManifestEntry[]) => {
    const layout: Layout = { spec, schemas, schema: schema.schema };
    const bytes = await manifestFile(layout, entries);
    const path = `${location}/metadata/${snapshotId}-${name}.avro`;
    await files.create(path, bytes);
    return summarize(layout, entries, { path, bytes: bytes.length, sequence, snapshotId });
  };

  const specOf = (manifest: ManifestSummary) =>
    base!.metadata['partition-specs'].find((one) => one['spec-id'] === manifest.specId)!;
  /** Those of before, many small ones of them as one. Manifests that say what this change removed stay as they are. */
  const merged = async (manifests: readonly ManifestSummary[]): Promise<readonly ManifestSummary[]> => {
    const old = manifests.filter((manifest) => manifest.snapshotId !== snapshotId);
    const into = new Map<ManifestSummary, ManifestSummary>();
    for (const [index, group] of manifestGroups(old).entries()) {
      const spec = specOf(group[0]!);
      const layout: Layout = { spec, schemas, schema: schema.schema };
      const read = (manifest: ManifestSummary) => aliveEntries(files, manifest, layout);
      const entries = (await concurrently(group, manifestsAtOnce, read)).flat();
      const one = await write(`merged-${index + 1}`, spec, entries);
      for (const manifest of group) into.set(manifest, one);
    }
    return [...new Set(manifests.map((manifest) => into.get(manifest) ?? manifest))];
  };

  const current = base?.metadata.schemas.find((one) => one['schema-id'] === base.metadata['current-schema-id']);
  const widened = widenedTypes(current, schema.schema);
  const addedEntry = (file: DataFile): ManifestEntry => ({ status: 'added', snapshotId, file });
  const earlier = before ? await manifestsOf(await files.read(before['manifest-list'])) : [];
  // Of files that went before, nothing needs to be said again.
  const alive = earlier.filter((manifest) => manifest.files.added + manifest.files.existing > 0);
  const changed = await concurrently(alive, manifestsAtOnce, async (manifest, index): Promise<ChangedManifest> => {
    const stays = { manifest, removed: [], added: [] };
    if (!change.becomes && widened.size === 0) return stays;
    const spec = specOf(manifest);
    const entries = await aliveEntries(files, manifest, { spec, schemas, schema: schema.schema });
    const gone = new Map(
      entries.flatMap(({ file }) => {
        const instead = change.becomes?.(file, spec);
        return instead ? [[file, instead] as const] : [];
      }),
    );
    if (gone.size === 0 && widened.size === 0) return stays;
    const added = [...gone.values()].flat().map((file) => widenFile(file, widened, spec));
    const rewritten = entries.map((entry): ManifestEntry => {
      const file = widenFile(entry.file, widened, spec);
      return gone.has(entry.file) ? { ...entry, file, status: 'deleted', snapshotId } : { ...entry, file };
    });
    const summary = await write(`m${index + 1}`, spec, [...rewritten, ...added.map(addedEntry)]);
    return { manifest: summary, removed: [...gone.keys()], added };
  });
  const kept = await merged(changed.map(({ manifest }) => manifest));
  const removed = changed.flatMap((one) => one.removed);
  const added = [...change.added, ...changed.flatMap((one) => one.added)];
  const entries = change.added.map(addedEntry);
  const manifests = entries.length > 0 ? [...kept, await write('m0', partitioning.spec, entries)] : kept;

  const parentId = before?.['snapshot-id'];
  const list = `${location}/metadata/snap-${snapshotId}.avro`;
  await files.create(list, await manifestListFile({ snapshotId, parentId, sequence }, manifests));
  return nextMetadata({
    ...change,
    snapshot: {
      'snapshot-id': snapshotId,
      ...(parentId === undefined ? {} : { 'parent-snapshot-id': parentId }),
      'sequence-number': sequence,
      'timestamp-ms': change.at,
      'manifest-list': list,
      summary: {
        ...snapshotSummary({ added, removed, before, manifests, facts: change.facts }),
        ...(change.operation && { operation: change.operation }),
      },
      'schema-id': schema.schema['schema-id'],
    },
  });
}

/** Files of a manifest that are there, with the numbers that they have from the list. */
export async function aliveEntries(
  files: TableFiles,
  manifest: ManifestSummary,
  layout: Layout,
): Promise<ManifestEntry[]> {
  const entries = await manifestEntries(layout, await files.read(manifest.path));
  return entries
    .filter(({ status }) => status !== 'deleted')
    .map((entry) => ({
      ...entry,
      status: 'existing',
      snapshotId: entry.snapshotId ?? manifest.snapshotId,
      sequence: entry.sequence ?? manifest.sequence,
      fileSequence: entry.fileSequence ?? manifest.sequence,
    }));
}
