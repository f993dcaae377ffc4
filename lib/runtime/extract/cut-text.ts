import type { SourceNode } from '../../component/plan.ts';
import { packingOf } from '../../core/packing.ts';
import { JsonArrayCutter } from '../../engine/read/json-array-cutter.ts';
import { TextCutter } from '../../engine/read/text-cutter.ts';
import type { TextPart } from '../messages.ts';
import { type PipelineCode, sourceSide } from '../pipeline-code.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { inPieces } from './in-pieces.ts';
import type { PinnedObject } from './pinned-inputs.ts';

export interface CutRequest {
  readonly pipeline: PipelineCode;
  readonly source: SourceNode;
  /** What a part should hold at the most, unless a record is larger. */
  readonly chunkBytes: number;
}

/** Large enough that a record of many megabytes is put together from few. */
const pieceBytes = 1024 * 1024;

/**
 * Cuts a large CSV or NDJSON file or JSON array into parts of whole records, by reading it once: only that tells a line end
 * or a comma from one in quotes, and gives each record its number. One part where it cannot be cut: packed, or of few
 * records.
 */
export async function cutText(
  objects: ObjectStore,
  file: PinnedObject,
  { pipeline, source, chunkBytes }: CutRequest,
): Promise<readonly TextPart[]> {
  const format = sourceSide(pipeline, source).format(source.options);
  if (format.kind === 'parquet' || (await isPacked(objects, file))) return [];
  // Parts of about one size: a small last one would keep a worker for little.
  const partBytes = Math.ceil(file.size / Math.ceil(file.size / chunkBytes));
  const cutter =
    format.kind === 'json'
      ? new JsonArrayCutter(partBytes)
      : new TextCutter(format, source.contract.fields.length, partBytes);
  for await (const bytes of inPieces(objects, file, pieceBytes)) cutter.push(bytes);
  return cutter.end(file.size);
}

/** gzip and zstd can be read from their beginning only. */
async function isPacked(objects: ObjectStore, file: PinnedObject): Promise<boolean> {
  return packingOf(await objects.readRange(file, 0, 4)) !== undefined;
}
