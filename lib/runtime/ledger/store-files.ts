import { placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { ChunkDiffersError } from '../../core/errors/chunk-differs-error.ts';
import { PlanInconsistentError } from '../../core/errors/plan-inconsistent-error.ts';
import type { OutputFile } from '../../engine/chunk.ts';
import { dataPrefix, extractStage, runKeys } from '../keys.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { LedgerFile } from './ledger-entry.ts';

/** The place of a chunk in its run. */
export interface ChunkPlace {
  readonly pipeline: string;
  readonly run: string;
  readonly stage: string;
  readonly chunk: string;
}

/** Stores what a chunk made under keys that every attempt at it shares; in the order of the keys. */
export async function storeFiles(
  objects: ObjectStore,
  pipeline: PipelineCode,
  place: ChunkPlace,
  files: readonly OutputFile[],
  signal?: AbortSignal,
): Promise<readonly LedgerFile[]> {
  const stored = await concurrently(files, 4, async (file) => {
    const key = keyOf(pipeline, place, file);
    const bytes = await storeFile(objects, key, file, signal);
    const { kind, of, rows, partition, hot, range, partitionValues, columns, rowsPath } = file;
    const rowsAt = rowsPath && runKeys(place.pipeline, place.run).rows(of, file.name);
    if (rowsAt) await storeFile(objects, rowsAt, { path: rowsPath!, rows, bytes: 0 }, signal);
    return {
      key,
      kind,
      of,
      rows,
      bytes,
      ...(partition !== undefined && { partition }),
      ...(hot && { hot }),
      ...(range && { range }),
      ...(partitionValues && { partitionValues }),
      ...(columns && { columns }),
      ...(rowsAt && { rowsAt }),
    };
  });
  return stored.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Stores one file and returns the size of what is stored. Where an earlier attempt has stored it, that stays: it holds
 * the same rows, though maybe in another order and so of another size.
 */
export async function storeFile(
  objects: ObjectStore,
  key: string,
  file: Pick<OutputFile, 'path' | 'rows' | 'bytes'>,
  signal?: AbortSignal,
): Promise<number> {
  const metadata = { rows: String(file.rows) };
  if ((await objects.createFromFile(key, file.path, { metadata, signal })) === 'written') return file.bytes;
  const existing = await objects.find({ key }, signal);
  if (existing?.metadata?.rows === metadata.rows) return existing.size;
  throw new ChunkDiffersError({
    problem: `an earlier attempt at this chunk stored other rows as ${key}`,
    received: `${file.rows} rows`,
    allowed: `${existing?.metadata?.rows ?? 'an unknown number of'} rows`,
    change:
      'make every step give the same rows for the same input: no clock, no chance, no order of arrival in expressions and functions',
  });
}

function keyOf(pipeline: PipelineCode, place: ChunkPlace, file: OutputFile): string {
  const keys = runKeys(place.pipeline, place.run);
  switch (file.kind) {
    case 'table':
      return `${dataPrefix(placeOf(outputOf(pipeline, file.of)), place.run)}${file.name}`;
    case 'exchange':
      return keys.exchange(place.stage, file.of, `${file.partition ?? 0}${file.hot ? '-hot' : ''}`, place.chunk);
    case 'rejects':
      // A solo chunk runs every stage and rejects for each of them.
      return keys.rejects(place.stage === extractStage ? extractStage : file.of, place.chunk);
  }
}

function outputOf(pipeline: PipelineCode, output: string): OutputNode {
  const node = outputs(pipeline.plan).find((candidate) => candidate.id === output);
  if (node) return node;
  throw new PlanInconsistentError({
    problem: 'the engine wrote a file for an output that the plan does not have',
    received: output,
    allowed: outputs(pipeline.plan).map((candidate) => candidate.id),
    change: 'synthesize and deploy the pipeline again',
  });
}
