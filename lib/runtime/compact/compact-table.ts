import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { concurrently } from '../../core/concurrently.ts';
import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import { sha256 } from '../../core/sha256.ts';
import type { OutputFile } from '../../engine/chunk.ts';
import type { CompactRequest } from '../../engine/compact-files.ts';
import { columnsById } from '../../iceberg/columns-by-id.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import { currentSnapshot } from '../../iceberg/table-metadata.ts';
import { storeFile } from '../ledger/store-files.ts';
import type { Ports } from '../ports/ports.ts';
import type { TableCommit, TablePointer } from '../ports/table-catalog.ts';
import { describeCopy } from '../publish/describe-copy.ts';
import { nextOfCompaction } from '../publish/next-table.ts';
import { currentSpec, readTable, type TableState } from '../publish/read-table.ts';
import type { TableLayout } from '../publish/table-version.ts';
import { placeOfMetadata } from '../table/move-table.ts';
import { withWorkFolder } from '../work-folder.ts';
import { type FileGroup, smallFiles } from './small-files.ts';

export interface CompactPorts extends Pick<Ports, 'objects' | 'tables' | 'clock' | 'machine'> {
  compactFiles(request: CompactRequest): Promise<readonly OutputFile[]>;
}

export interface Compacted {
  readonly table: string;
  /** Version that readers see now, as the table's log counts. */
  readonly version: number;
  readonly before: FileTotals;
  /** The same where nothing was small enough. */
  readonly after: FileTotals;
}

export interface FileTotals {
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What a file becomes where neither the call nor the table says otherwise. */
const defaultBytes = 256 * 1024 * 1024;
const mostAttempts = 8;

/**
 * Replaces small files of a table by few with the same rows, in one conditional commit. Where a run publishes meanwhile,
 * the run wins, and what is left of the work is done on its version. No file is removed: who reads an older version still
 * finds all of its files. Throws `CommitConflictError`.
 */
export async function compactTable(
  ports: CompactPorts,
  { table, fileBytes }: { readonly table: string; readonly fileBytes?: number },
): Promise<Compacted> {
  /** Files that are merged already, by the id of their group. */
  const merged = new Map<string, readonly DataFile[]>();
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const pointer = await ports.tables.pointer(table);
    const before = totalsOf(pointer);
    if (pointer.metadata === undefined) return { table, version: 0, before, after: before };
    const state = await readTable(ports.objects, pointer.metadata);
    const spec = currentSpec(state.metadata)['spec-id'];
    const layout = { ...state.layout, fileBytes: fileBytes ?? state.layout?.fileBytes ?? defaultBytes };
    // Files of an older partitioning stay as they are.
    const files = state.files.filter((file) => file.spec === spec);
    const groups = smallFiles(files, layout.fileBytes);
    const here = { ...pointer, metadata: pointer.metadata };
    const commit = await nextVersion(ports, { pointer: here, state, layout, groups, merged });
    if (commit === undefined) return { table, version: seen(state), before, after: before };
    if ((await ports.tables.compact(commit)) === 'committed')
      return { table, version: state.metadata['last-sequence-number'] + 1, before, after: totalsOf(commit) };
    await ports.clock.sleep(Math.random() * Math.min(2 ** attempt * 100, 5 * second));
  }
  throw new CommitConflictError({
    problem: `runs moved the table "${table}" on each time`,
    received: `${mostAttempts} lost races`,
    change: 'try again when fewer runs publish it',
  });
}

/** As the table's log counts. */
function seen({ metadata }: TableState): number {
  return currentSnapshot(metadata)?.['sequence-number'] ?? 0;
}

interface Step {
  readonly pointer: TablePointer & { readonly metadata: string };
  readonly state: TableState;
  readonly layout: TableLayout & { readonly fileBytes: number };
  readonly groups: readonly FileGroup[];
  readonly merged: Map<string, readonly DataFile[]>;
}

/** Undefined where no group becomes fewer files. */
async function nextVersion(
  ports: CompactPorts,
  { pointer, state, layout, groups, merged }: Step,
): Promise<TableCommit | undefined> {
  const place = placeOfMetadata(pointer.metadata);
  const removed = new Set<string>();
  const added: DataFile[] = [];
  for (const group of groups) {
    const id = `compact-${digestOf(group.files, JSON.stringify(layout))}`;
    if (!merged.has(id))
      merged.set(id, await merge(ports, { group, state, layout, prefix: `${place}data/run=${id}/` }));
    const few = merged.get(id)!;
    if (few.length >= group.files.length) continue;
    for (const { key } of group.files) removed.add(key);
    added.push(...few);
  }
  if (removed.size === 0) return undefined;
  const { table } = pointer;
  const name = `compact-${digestOf(
    [...removed].map((key) => ({ key })),
    JSON.stringify(layout),
  )}`;
  return nextOfCompaction(ports.objects, { table, place, pointer, name, added, removed, at: ports.clock.now() });
}

interface Merge extends Pick<Step, 'layout' | 'state'> {
  readonly group: FileGroup;
  /** Of the new files; every attempt at the same group has the same. */
  readonly prefix: string;
}

function merge(ports: CompactPorts, { group, state, layout, prefix }: Merge): Promise<readonly DataFile[]> {
  return withWorkFolder(async (folder) => {
    const workFolder = join(folder, 'work');
    await mkdir(workFolder);
    const paths = await concurrently([...group.files.entries()], 8, async ([index, { key }]) => {
      const path = join(folder, `${index}.parquet`);
      await ports.objects.download({ key }, path);
      return path;
    });
    const { sortBy, ...sizes } = layout;
    const order = sortBy && { order: sortBy };
    const columns = columnsById(state.metadata, { gone: true });
    const rows = { paths, columns, workFolder, name: 'rows' };
    const made = await ports.compactFiles({ ...rows, sizes, ...order, ...ports.machine });
    return concurrently(made, 4, async (file): Promise<DataFile> => {
      const key = `${prefix}${group.folder}${file.name}`;
      const bytes = await storeFile(ports.objects, key, file);
      const copy = describeCopy(ports.objects, { ...file, key, bytes }, state.metadata);
      return { ...copy, partition: group.files[0]!.partition };
    });
  });
}

/** Names a set of files, with whatever else decides what becomes of them. */
function digestOf(files: readonly { readonly key: string }[], more = ''): string {
  const keys = files.map(({ key }) => key).sort();
  return sha256([...keys, more].join('\n')).slice(0, 16);
}

function totalsOf({ files, rows, bytes }: TablePointer): FileTotals {
  return { files, rows, bytes };
}
