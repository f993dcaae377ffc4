import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { concurrently } from '../../core/concurrently.ts';
import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import { sha256 } from '../../core/sha256.ts';
import type { OutputFile } from '../../engine/chunk.ts';
import type { CompactRequest } from '../../engine/compact-files.ts';
import { metadataKey } from '../keys.ts';
import { storeFile } from '../ledger/store-files.ts';
import type { Ports } from '../ports/ports.ts';
import type { TablePointer } from '../ports/table-catalog.ts';
import { readVersion } from '../publish/prepare-table.ts';
import { commitOfVersion, type TableFile, type TableLayout, type TableVersion } from '../publish/table-version.ts';
import { withWorkFolder } from '../work-folder.ts';
import { type FileGroup, smallFiles } from './small-files.ts';

export interface CompactPorts extends Pick<Ports, 'objects' | 'tables' | 'clock' | 'machine'> {
  compactFiles(request: CompactRequest): Promise<readonly OutputFile[]>;
}

export interface Compacted {
  readonly table: string;
  /** Version that readers see now. */
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
  const merged = new Map<string, readonly TableFile[]>();
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const pointer = await ports.tables.pointer(table);
    const before = totalsOf(pointer);
    if (pointer.metadata === undefined) return { table, version: 0, before, after: before };
    const version = await readVersion(ports, pointer.metadata);
    const layout = { ...version.layout, fileBytes: fileBytes ?? version.layout?.fileBytes ?? defaultBytes };
    const groups = smallFiles(version.files, layout.fileBytes);
    const next = await nextVersion(ports, { pointer, version, layout, groups, merged });
    if (next === undefined) return { table, version: pointer.version, before, after: before };
    const key = metadataKey(placeOfMetadata(pointer.metadata), next.version, `compact-${digestOf(next.files)}`);
    // Its own name says all that it holds but the time.
    await ports.objects.createText(key, JSON.stringify(next));
    const commit = commitOfVersion(next, key);
    if ((await ports.tables.compact(commit)) === 'committed')
      return { table, version: next.version, before, after: totalsOf(commit) };
    await ports.clock.sleep(Math.random() * Math.min(2 ** attempt * 100, 5 * second));
  }
  throw new CommitConflictError({
    problem: `runs moved the table "${table}" on each time`,
    received: `${mostAttempts} lost races`,
    change: 'try again when fewer runs publish it',
  });
}

interface Step {
  readonly pointer: TablePointer;
  readonly version: TableVersion;
  readonly layout: TableLayout & { readonly fileBytes: number };
  readonly groups: readonly FileGroup[];
  readonly merged: Map<string, readonly TableFile[]>;
}

/** Undefined where no group becomes fewer files. */
async function nextVersion(
  ports: CompactPorts,
  { pointer, version, layout, groups, merged }: Step,
): Promise<TableVersion | undefined> {
  const place = placeOfMetadata(pointer.metadata!);
  let files = version.files;
  for (const group of groups) {
    const id = `compact-${digestOf(group.files, JSON.stringify(layout))}`;
    if (!merged.has(id)) merged.set(id, await merge(ports, { group, layout, prefix: `${place}data/run=${id}/`, id }));
    const few = merged.get(id)!;
    if (few.length >= group.files.length) continue;
    const gone = new Set(group.files.map(({ key }) => key));
    files = [...files.filter(({ key }) => !gone.has(key)), ...few];
  }
  if (files === version.files) return undefined;
  // The run that published the rows last stays the one that did.
  return { ...version, version: version.version + 1, files, at: ports.clock.now() };
}

interface Merge extends Pick<Step, 'layout'> {
  readonly group: FileGroup;
  /** Of the new files; every attempt at the same group has the same. */
  readonly prefix: string;
  readonly id: string;
}

function merge(ports: CompactPorts, { group, layout, prefix, id }: Merge): Promise<readonly TableFile[]> {
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
    const made = await ports.compactFiles({ paths, workFolder, name: 'rows', sizes, ...order, ...ports.machine });
    return concurrently(made, 4, async (file) => {
      const key = `${prefix}${group.folder}${file.name}`;
      const bytes = await storeFile(ports.objects, key, file);
      return { key, rows: file.rows, bytes, partitionValues: group.files[0]!.partitionValues, run: id };
    });
  });
}

/** Names a set of files, with whatever else decides what becomes of them. */
function digestOf(files: readonly TableFile[], more = ''): string {
  const keys = files.map(({ key }) => key).sort();
  return sha256([...keys, more].join('\n')).slice(0, 16);
}

/** Prefix of a table, from the key of one of its versions. */
function placeOfMetadata(metadata: string): string {
  return metadata.replace(/metadata\/[^/]+$/, '');
}

function totalsOf({ files, rows, bytes }: TablePointer): FileTotals {
  return { files, rows, bytes };
}
