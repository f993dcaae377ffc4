import type { PublishMode } from '../../component/connector.ts';
import { sha256 } from '../../core/sha256.ts';
import { changeTable } from '../../iceberg/change-table.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import { describeFile } from '../../iceberg/describe-file.ts';
import type { EvolvedSchema, StoredColumn } from '../../iceberg/evolve-schema.ts';
import {
  evolveSpec,
  noSpecs,
  type Partitioning,
  type PartitionSpec,
  partitionKey,
} from '../../iceberg/partition-spec.ts';
import { metricsProperty } from '../../iceberg/rename-properties.ts';
import { TableSchemaError } from '../../iceberg/schema-errors.ts';
import type { TableMetadata } from '../../iceberg/table-metadata.ts';
import { cursorFactsOf } from '../cursor/cursor-facts.ts';
import { type CursorStep, cursorsAfter } from '../cursor/cursor-moves.ts';
import { tableMetadataKey } from '../keys.ts';
import type { LedgerFile } from '../ledger/ledger-entry.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { TableCommit, TablePointer } from '../ports/table-catalog.ts';
import {
  commitOfMetadata,
  countsOnly,
  currentSchema,
  currentSpec,
  layoutProperty,
  readMetadata,
  runFact,
  writeMetadata,
} from './read-table.ts';
import { calledAs, callsOf, schemaBehind } from './table-behind.ts';
import { tableFiles, uriOf } from './table-files.ts';
import type { TableLayout } from './table-version.ts';

type Objects = Pick<ObjectStore, 'uri' | 'readText' | 'createText' | 'readBytes' | 'createBytes'>;

interface Step {
  readonly table: string;
  /** Prefix of the table. */
  readonly place: string;
  /** What it follows. */
  readonly pointer: TablePointer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface RunStep extends Step {
  /** Absent: as it comes. */
  readonly layout?: TableLayout;
  readonly run: string;
  readonly mode: PublishMode;
  /** Prefixes of files that go, where rows are added to those that are there. Default: none. */
  readonly without?: readonly string[];
  readonly columns: readonly StoredColumn[];
  /** New name → old name. Absent: none is renamed. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** By the names that values of files have. */
  readonly partitionBy: readonly (Partitioning & { readonly name: string })[];
  /** Columns of which manifests say no values. */
  readonly restricted: ReadonlySet<string>;
  readonly files: readonly RunFile[];
  /** What becomes of files that are there, by key; of a merge alone. */
  readonly copied?: ReadonlyMap<string, readonly DataFile[]>;
  /** How far the run takes sources that go on. */
  readonly moves: readonly CursorStep[];
  /** Kept in the snapshot. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** A file that a run adds. */
export type RunFile = Pick<LedgerFile, 'key' | 'rows' | 'bytes' | 'partitionValues' | 'columns'>;

/**
 * Writes the metadata of the version that would follow `pointer` with the files of a run: manifests, their list, and the
 * file that a catalog can point to. Nobody sees it yet. Throws `TableSchemaError`, `TableTypeUnknownError`,
 * `CursorMovedError`.
 */
export async function nextOfRun(objects: Objects, step: RunStep): Promise<TableCommit> {
  const { pointer, run, mode, partitionBy } = step;
  const base = await baseOf(objects, pointer);
  const schema = schemaBehind(base, step);
  const calls = callsOf(schema);
  const layout = partitionBy.map((one) => ({ ...one, column: calls(one.column) }));
  const partitioning = evolveSpec(base ?? noSpecs, schema.schema, layout);
  const added = step.files.map((file) =>
    describeFile(
      {
        path: uriOf(objects, file.key),
        rows: file.rows,
        bytes: file.bytes,
        partition: partitionBy.map(({ name }) => file.partitionValues?.[name] ?? null),
        columns: calledAs(file.columns ?? {}, calls),
      },
      schema.schema,
      partitioning.spec,
    ),
  );
  const becomes = becomesOf(objects, step, { added, spec: partitioning.spec });
  const properties = {
    // A layout that is not asked for any longer is none.
    [layoutProperty]: JSON.stringify(layoutAs(step.layout ?? {}, calls)),
    // Other writers are asked to keep to it as well.
    ...Object.fromEntries([...step.restricted].map((name) => [`${metricsProperty}${calls(name)}`, countsOnly])),
  };
  const cursors = cursorsAfter(base ? cursorFactsOf(base) : {}, step.moves, {
    table: step.table,
    merges: mode === 'merge',
  });
  const facts = { ...step.facts, ...cursors };
  return write(objects, step, { properties, base, name: run, schema, partitioning, added, becomes, run, facts });
}

function layoutAs({ sortBy, ...sizes }: TableLayout, calls: (name: string) => string): TableLayout {
  return { ...sizes, ...(sortBy && { sortBy: sortBy.map((one) => ({ ...one, column: calls(one.column) })) }) };
}

interface Added {
  readonly added: readonly DataFile[];
  readonly spec: PartitionSpec;
}

/** What the mode makes of the files that are there. Throws `TableSchemaError` where some are laid out in another way. */
function becomesOf(
  objects: Pick<Objects, 'uri'>,
  { mode, table, copied, without = [] }: RunStep,
  { added, spec }: Added,
): Change['becomes'] {
  if (mode === 'append') {
    const gone = without.map((prefix) => uriOf(objects, prefix));
    return gone.length > 0
      ? ({ path }) => (gone.some((prefix) => path.startsWith(prefix)) ? [] : undefined)
      : undefined;
  }
  if (mode === 'replace') return () => [];
  if (mode === 'merge') {
    const byPath = new Map([...(copied ?? [])].map(([key, files]) => [uriOf(objects, key), files]));
    return byPath.size > 0 ? ({ path }) => byPath.get(path) : undefined;
  }
  const replaced = new Set(added.map(({ partition }) => partitionKey(partition)));
  return ({ partition }, { 'spec-id': id, fields }) => {
    if (id === spec['spec-id']) return replaced.has(partitionKey(partition)) ? [] : undefined;
    throw new TableSchemaError({
      problem: `the table "${table}" has files that are laid out in another way, so which of them hold the partitions to be replaced is not known`,
      received: `by ${fields.map(({ name }) => name).join(', ') || 'nothing'}`,
      allowed: `by ${spec.fields.map(({ name }) => name).join(', ')}`,
      change: 'replace the whole table once, or keep to its partitions',
    });
  };
}

export interface CompactStep extends Step {
  readonly pointer: TablePointer & { readonly metadata: string };
  /** Says all that the step does. */
  readonly name: string;
  readonly added: readonly DataFile[];
  /** Keys. */
  readonly removed: ReadonlySet<string>;
}

/** The same for a step that puts the same rows into other files. The run that published the rows last stays the one that did. */
export async function nextOfCompaction(objects: Objects, step: CompactStep): Promise<TableCommit> {
  const base = (await baseOf(objects, step.pointer))!;
  const gone = new Set([...step.removed].map((key) => uriOf(objects, key)));
  return write(objects, step, {
    base,
    name: step.name,
    schema: { schema: currentSchema(base), lastColumnId: base['last-column-id'] },
    partitioning: { spec: currentSpec(base), lastPartitionId: base['last-partition-id'] },
    added: step.added,
    becomes: ({ path }) => (gone.has(path) ? [] : undefined),
    operation: 'replace',
    run: step.pointer.run,
  });
}

async function baseOf(objects: Objects, { metadata }: TablePointer): Promise<TableMetadata | undefined> {
  return metadata === undefined ? undefined : readMetadata(objects, metadata);
}

interface Change {
  readonly base: TableMetadata | undefined;
  readonly name: string;
  readonly schema: EvolvedSchema;
  readonly partitioning: { readonly spec: PartitionSpec; readonly lastPartitionId: number };
  readonly added: readonly DataFile[];
  readonly becomes: ((file: DataFile, spec: PartitionSpec) => readonly DataFile[] | undefined) | undefined;
  readonly facts?: Readonly<Record<string, string>>;
  readonly operation?: 'replace';
  readonly run: string | undefined;
  readonly properties?: Readonly<Record<string, string>>;
}

async function write(
  objects: Objects,
  { table, place, pointer, at }: Step,
  { base, name, run, facts, ...change }: Change,
): Promise<TableCommit> {
  const location = uriOf(objects, place.replace(/\/$/, ''));
  const metadata = await changeTable(tableFiles(objects), {
    ...change,
    ...(base && { base: { metadata: base, file: uriOf(objects, pointer.metadata!) } }),
    uuid: uuidOf(`${location}\n${name}`),
    location,
    // The same change of the same state has the same one, whoever makes it.
    snapshotId: snapshotIdOf(`${pointer.metadata ?? location}\n${name}`),
    at,
    // Who adds nothing to what readers see, takes nothing from it either.
    facts: { ...(base && cursorFactsOf(base)), ...facts, ...(run !== undefined && { [runFact]: run }) },
  });
  const key = tableMetadataKey(place, pointer.version + 1, name);
  // An earlier attempt wrote the same, at another time.
  return commitOfMetadata(table, key, await writeMetadata(objects, key, metadata));
}

/** As many bits of a digest as JSON keeps. */
function snapshotIdOf(text: string): number {
  return 1 + Number.parseInt(sha256(text).slice(0, 13), 16);
}

function uuidOf(text: string): string {
  // The digits that say version and variant: made by a rule of one's own (8).
  const digits = sha256(text)
    .replace(/^(.{12})./, '$18')
    .replace(/^(.{16})./, '$1a');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}
