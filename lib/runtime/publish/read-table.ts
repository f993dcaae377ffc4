import type { TableColumn } from '../../component/field-id.ts';
import type { Column } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { Newest } from '../../core/newest.ts';
import { aliveEntries } from '../../iceberg/change-table.ts';
import { columnChanges } from '../../iceberg/column-changes.ts';
import { sqlType } from '../../iceberg/column-type.ts';
import { columnsById } from '../../iceberg/columns-by-id.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import { manifestsOf } from '../../iceberg/manifest-list.ts';
import type { PartitionSpec } from '../../iceberg/partition-spec.ts';
import { printValue } from '../../iceberg/print-value.ts';
import type { TableSchema } from '../../iceberg/schema.ts';
import { currentSnapshot, type Snapshot, type TableMetadata } from '../../iceberg/table-metadata.ts';
import type { TableValue } from '../../iceberg/table-value.ts';
import { versionOf } from '../keys.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RowsMerged, TableCommit } from '../ports/table-catalog.ts';
import { type StateRequest, snapshotOf } from '../table/table-state.ts';
import { keyOf, metadataGone, tableFiles } from './table-files.ts';
import type { TableLayout } from './table-version.ts';

/** Facts of a snapshot that only we write. */
export const runFact = 'penstock.run';
/** Property of a table: how its files are laid out, as JSON. */
export const layoutProperty = 'penstock.layout';

/** Which statistics of a column manifests may hold, where nobody may read values of it. */
export const countsOnly = 'counts';

/** A table as it stands in one snapshot. */
export interface TableState {
  readonly metadata: TableMetadata;
  readonly columns: readonly Column[];
  /** The same with the ids that files are read by. Absent: all files name them as the table does. */
  readonly byId?: readonly TableColumn[];
  /** Columns whose values name the folders of files. */
  readonly partitionBy: readonly string[];
  readonly files: readonly TableDataFile[];
  /** How its files are laid out, as its sink asks for. Absent: as it comes. */
  readonly layout?: TableLayout;
}

export interface TableDataFile {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  /** In the order of the partition spec. */
  readonly partition: readonly (TableValue | null)[];
  /** By column, as text: values that are the same in all rows of the file. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Id of that spec. */
  readonly spec: number;
  /** By field id. */
  readonly columns: DataFile['columns'];
}

/** Which state is asked for. */
export interface EarlierState {
  readonly table: string;
  readonly state: StateRequest;
}

type Objects = Pick<ObjectStore, 'uri' | 'readText' | 'readBytes' | 'createBytes'>;

/**
 * What was read or written last of each lake: a step of a run needs the same metadata several times, the next run goes on
 * from there, and it never changes. As many as a pipeline mostly has tables.
 */
const newest = new Newest<TableMetadata>(4);

/** Reads the metadata of a table from its key. */
export async function readMetadata(objects: Pick<Objects, 'readText'>, key: string): Promise<TableMetadata> {
  const known = newest.get(objects, key);
  if (known) return known;
  const text = await objects.readText(key);
  if (text === undefined) throw metadataGone(key);
  const metadata = JSON.parse(text) as TableMetadata;
  newest.set(objects, key, metadata);
  return metadata;
}

/** Writes the metadata of a table. Returns what is there then: of two who write it, the first one's stays. */
export async function writeMetadata(
  objects: Pick<ObjectStore, 'readText' | 'createText'>,
  key: string,
  metadata: TableMetadata,
): Promise<TableMetadata> {
  const text = JSON.stringify(metadata);
  if ((await objects.createText(key, text)) === 'exists') return readMetadata(objects, key);
  newest.set(objects, key, JSON.parse(text) as TableMetadata);
  return metadata;
}

/** Reads what a table holds, from the key of its metadata: now, or in an earlier state. */
export async function readTable(objects: Objects, key: string, earlier?: EarlierState): Promise<TableState> {
  const latest = await readMetadata(objects, key);
  const snapshot = earlier ? snapshotOf(earlier.table, latest, earlier.state) : currentSnapshot(latest);
  const metadata = earlier && snapshot ? { ...latest, 'current-schema-id': snapshot['schema-id'] } : latest;
  const layout = metadata.properties[layoutProperty];
  const byId = columnsById(metadata);
  return {
    metadata,
    columns: columnsOf(metadata),
    ...(byId && { byId }),
    partitionBy: identities(currentSpec(metadata), metadata).map(({ name }) => name),
    files: snapshot ? await filesOf(objects, metadata, snapshot) : [],
    ...(layout && { layout: JSON.parse(layout) as TableLayout }),
  };
}

/** In the order in which runs have added them. */
async function filesOf(objects: Objects, metadata: TableMetadata, snapshot: Snapshot): Promise<TableDataFile[]> {
  const files = tableFiles(objects);
  const manifests = await manifestsOf(await files.read(snapshot['manifest-list']));
  const schema = currentSchema(metadata);
  const listed = await concurrently(manifests, 8, async (manifest) => {
    const spec = metadata['partition-specs'].find((one) => one['spec-id'] === manifest.specId)!;
    const entries = await aliveEntries(files, manifest, { spec, schemas: metadata.schemas, schema });
    return entries.map(({ file: { path, rows, bytes, partition, columns } }) => ({
      key: keyOf(objects, path),
      rows,
      bytes,
      partition,
      partitionValues: Object.fromEntries(
        identities(spec, metadata).map(({ name, type, index }) => {
          const value = partition[index]!;
          return [name, value === null ? null : printValue(type, value)];
        }),
      ),
      spec: manifest.specId,
      columns,
    }));
  });
  return listed.flat();
}

/** Columns of the table that files are laid out by as they are, each with its position in the spec. */
function identities(spec: PartitionSpec, metadata: TableMetadata) {
  return spec.fields.flatMap(({ 'source-id': source, transform }, index) => {
    const column = currentSchema(metadata).fields.find(({ id }) => id === source);
    if (transform !== 'identity' || typeof column?.type !== 'string') return [];
    return [{ name: column.name, type: column.type, index }];
  });
}

/** How the next files of a table are laid out. */
export function currentSpec(metadata: TableMetadata): PartitionSpec {
  return metadata['partition-specs'].find((spec) => spec['spec-id'] === metadata['default-spec-id'])!;
}

/** The snapshot in which a run has published its rows: a compaction later on has the run's name as well. */
export function snapshotOfRun({ snapshots }: TableMetadata, run: string): Snapshot | undefined {
  return snapshots.find(({ summary }) => summary[runFact] === run);
}

export function currentSchema(metadata: TableMetadata): TableSchema {
  return metadata.schemas.find((schema) => schema['schema-id'] === metadata['current-schema-id'])!;
}

function columnsOf(metadata: TableMetadata): Column[] {
  return currentSchema(metadata).fields.map(({ name, type, required }) => ({
    name,
    type: sqlType(type),
    nullable: !required,
  }));
}

/** Begins the facts of a snapshot that say what became of the rows that a run has merged. */
const mergedFact = 'penstock.rows-';
const mergedCounts = ['inserted', 'updated', 'superseded'] as const;

/** What a snapshot says of the rows that its run has merged. */
export function mergedFacts(rows: RowsMerged): Record<string, string> {
  return Object.fromEntries(mergedCounts.map((name) => [`${mergedFact}${name}`, String(rows[name])]));
}

function mergedOf({ summary }: Snapshot): { readonly merged?: RowsMerged } {
  if (summary[`${mergedFact}inserted`] === undefined) return {};
  const counts = mergedCounts.map((name) => [name, Number(summary[`${mergedFact}${name}`])]);
  return { merged: Object.fromEntries(counts) };
}

/**
 * What a catalog says of a table's metadata.
 * @param snapshot of another run. Default: the current one
 */
export function commitOfMetadata(
  table: string,
  key: string,
  metadata: TableMetadata,
  snapshot = currentSnapshot(metadata),
): TableCommit {
  const count = (name: string) => Number(snapshot?.summary[name] ?? 0);
  const columns = columnChanges(metadata, snapshot);
  return {
    table,
    version: versionOf(key),
    metadata: key,
    rows: count('total-records'),
    bytes: count('total-files-size'),
    files: count('total-data-files'),
    run: snapshot?.summary[runFact] ?? '',
    ...(snapshot && mergedOf(snapshot)),
    ...(columns && { columns }),
    at: snapshot?.['timestamp-ms'] ?? metadata['last-updated-ms'],
  };
}
