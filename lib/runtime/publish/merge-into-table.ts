import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import { PlanInconsistentError } from '../../core/errors/plan-inconsistent-error.ts';
import { sha256 } from '../../core/sha256.ts';
import type { OutputFile } from '../../engine/chunk.ts';
import type { DataFile } from '../../iceberg/data-file.ts';
import type { StoredColumn } from '../../iceberg/evolve-schema.ts';
import { dataPrefix } from '../keys.ts';
import { storeFile } from '../ledger/store-files.ts';
import type { Engine } from '../ports/engine.ts';
import type { Machine } from '../ports/machine.ts';
import type { Ports } from '../ports/ports.ts';
import type { RowsMerged, TablePointer } from '../ports/table-catalog.ts';
import { withWorkFolder } from '../work-folder.ts';
import type { RunFile, RunStep } from './next-table.ts';
import { mergedFacts, readTable } from './read-table.ts';
import { tableBehind } from './table-behind.ts';

/** What it takes to merge; only functions of pipelines that do so have it. */
export interface MergePorts {
  readonly engine?: Pick<Engine, 'mergeFiles'> | undefined;
  readonly machine?: Machine | undefined;
}

interface Merging {
  readonly node: OutputNode;
  /** As they are stored. */
  readonly columns: readonly StoredColumn[];
  readonly renamed: RunStep['renamed'];
  readonly run: string;
  readonly files: readonly RunFile[];
}

/**
 * Copies the files of a table that hold rows with the key of a row of the run, without those. A copy has the same key
 * whenever the same rows are merged into the same file, so that doing it again costs no object more.
 * Throws `KeyTwiceError`.
 */
export async function mergeIntoTable(
  ports: Pick<Ports, 'objects'> & MergePorts,
  { table, metadata }: TablePointer,
  { node, columns, renamed, run, files }: Merging,
): Promise<Pick<RunStep, 'files' | 'copied' | 'facts'>> {
  const { engine, machine } = ports;
  const merges = node.merges!;
  if (!engine || !machine) throw withoutEngine(table);
  if (files.length === 0) return { files, facts: mergedFacts({ inserted: 0, updated: 0, superseded: 0 }) };
  const state = metadata === undefined ? undefined : await readTable(ports.objects, metadata);
  const behind = state && tableBehind(state.metadata, { columns, mode: 'merge', renamed });
  const there = new Map(state?.files.map((file) => [file.key, file]));
  const copied = new Map<string, readonly DataFile[]>();
  const own = new Map(files.map((file) => [file.key, file]));
  const counts = await withWorkFolder(async (folder) => {
    const workFolder = join(folder, 'work');
    await mkdir(workFolder);
    const fetch = async (key: string, name: string) => {
      const path = join(folder, name);
      await ports.objects.download({ key }, path);
      return path;
    };
    const brought = await concurrently([...own.keys()].entries().toArray(), 8, async ([index, id]) => ({
      id,
      path: await fetch(id, `own-${index}.parquet`),
    }));
    let fetched = 0;
    return engine.mergeFiles({
      columns,
      merges,
      own: brought,
      there: (state?.files ?? []).map((file) => ({ id: file.key, bounds: behind!.boundsOf(file, merges.key) })),
      byId: behind?.byId,
      fetch: async (id) => {
        // One file of the table is here at a time.
        await rm(join(folder, `there-${fetched}.parquet`), { force: true });
        return fetch(id, `there-${++fetched}.parquet`);
      },
      async keep(id, file, lost) {
        const key = copyKey(id, { run, lost, node });
        const bytes = file && (await storeFile(ports.objects, key, file));
        if (there.has(id)) {
          const copy = file && behind!.describe(ports.objects, { ...file, key, bytes: bytes! });
          copied.set(id, copy ? [{ ...copy, partition: there.get(id)!.partition }] : []);
        } else if (file) own.set(id, copiedOwn(own.get(id)!, { ...file, bytes: bytes! }, key));
        else own.delete(id);
        if (file) await rm(file.path);
      },
      workFolder,
      ...machine,
    });
  });
  requireAll(table, counts, files);
  return { files: [...own.values()], copied, facts: mergedFacts(counts) };
}

/** Throws `LedgerImbalanceError` where a row of the run would be lost, or counted twice. */
function requireAll(table: string, counts: RowsMerged, files: readonly RunFile[]): void {
  const merged = counts.inserted + counts.updated + counts.superseded;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  if (merged === rows) return;
  throw new LedgerImbalanceError({
    problem: `the rows that are merged into "${table}" are not those of the run`,
    received: `${merged} rows`,
    allowed: `${rows} rows`,
    change: 'report this with the run: nothing was published',
  });
}

/** Values that the run did not tell of a column are not told now, either. */
function copiedOwn(before: RunFile, { rows, bytes, columns = {} }: Omit<OutputFile, 'path'>, key: string): RunFile {
  const told = Object.entries(columns).map(([name, { min, max, ...counts }]) => {
    const known = before.columns?.[name];
    const values = known?.min === undefined ? {} : { min, max };
    return [name, { ...counts, ...values }];
  });
  return { ...before, key, rows, bytes, columns: Object.fromEntries(told) };
}

/** In the folder of the partition; below the run, so that what becomes of the run becomes of it. */
function copyKey(
  key: string,
  { run, lost, node }: { readonly run: string; readonly lost: string; readonly node: OutputNode },
): string {
  const [, folder = ''] = /\/data\/[^/]+\/(.*\/)?[^/]+$/.exec(key) ?? [];
  const name = sha256(`${key}\n${lost}`).slice(0, 16);
  return `${dataPrefix(placeOf(node), run)}${folder}copy-${name}.parquet`;
}

function withoutEngine(table: string): PlanInconsistentError {
  return new PlanInconsistentError({
    problem: 'rows are to be merged where there is no engine',
    received: table,
    change: 'synthesize and deploy the pipeline again',
  });
}
