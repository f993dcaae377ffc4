import type { Plan } from '../../component/plan.ts';
import type { ChunkInput, ChunkItem } from '../messages.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { PinnedObject } from './pinned-inputs.ts';

export interface ChunkPlan {
  readonly solo: boolean;
  /** Manifest by stage id. */
  readonly items: Readonly<Record<string, readonly ChunkItem[]>>;
}

/** A chunk travels in a message and in a state; beyond this its files are spread over more chunks. */
const mostItemBytes = 48 * 1024;

/**
 * Cuts a run into chunks: one for all where everything fits in `chunkBytes`; else files are packed together up to
 * `chunkBytes`, and larger Parquet files cut between row groups. `rowGroups` holds those of large Parquet files, by the
 * file's position.
 */
export function planChunks(
  plan: Plan,
  files: readonly PinnedObject[],
  rowGroups: ReadonlyMap<number, readonly RowGroup[]>,
): ChunkPlan {
  const { chunkBytes, partitions: mostPartitions } = plan.resources;
  const total = files.reduce((bytes, file) => bytes + file.size, 0);
  const pieces = files.flatMap((file, position) => piecesOf(file, position, rowGroups.get(position), chunkBytes));
  const chunks = pack(pieces, chunkBytes);
  const solo = total <= chunkBytes && chunks.length <= 1;
  const partitions = Math.min(Math.max(Math.ceil(total / chunkBytes), 1), mostPartitions);
  const items: Record<string, ChunkItem[]> = {};
  for (const { id: stage, kind, nodes } of plan.stages) {
    if (kind === 'process') {
      items[stage] = chunks.map((inputs, index) => ({ stage, chunk: chunkId(index), solo, partitions, inputs }));
    } else {
      const meeting = solo || chunks.length === 0 || nodes.length === 0 ? 0 : partitions;
      items[stage] = Array.from({ length: meeting }, (_, partition) => {
        return { stage, chunk: chunkId(partition), solo, partitions, partition };
      });
    }
  }
  return { solo, items };
}

interface Piece {
  readonly input: ChunkInput;
  readonly bytes: number;
}

function piecesOf(
  file: PinnedObject,
  position: number,
  groups: readonly RowGroup[] | undefined,
  chunkBytes: number,
): Piece[] {
  const { source, key, versionId, size, rejects } = file;
  const input: ChunkInput = {
    source,
    key,
    ...(versionId !== undefined && { versionId }),
    size,
    file: position,
    ...(rejects && { rejects }),
  };
  if (!groups || groups.length < 2) return [{ input, bytes: size }];
  const pieces: Piece[] = [];
  let from = 0;
  let to = 0;
  let bytes = 0;
  const cut = () => {
    if (to > from) pieces.push({ input: { ...input, rows: { from, to } }, bytes });
    from = to;
    bytes = 0;
  };
  for (const group of groups) {
    const groupBytes = group.bytes.to - group.bytes.from;
    if (bytes > 0 && bytes + groupBytes > chunkBytes) cut();
    to += group.rows;
    bytes += groupBytes;
  }
  cut();
  return pieces;
}

/** Neighbours go together, so that the rows of a chunk keep the order of the files. */
function pack(pieces: readonly Piece[], chunkBytes: number): ChunkInput[][] {
  const chunks: ChunkInput[][] = [];
  let bytes = 0;
  let itemBytes = 0;
  for (const piece of pieces) {
    const last = chunks.at(-1);
    const pieceItemBytes = Buffer.byteLength(JSON.stringify(piece.input)) + 1;
    if (last && bytes + piece.bytes <= chunkBytes && itemBytes + pieceItemBytes <= mostItemBytes) {
      last.push(piece.input);
      bytes += piece.bytes;
      itemBytes += pieceItemBytes;
    } else {
      chunks.push([piece.input]);
      bytes = piece.bytes;
      itemBytes = pieceItemBytes;
    }
  }
  return chunks;
}

/** `000004`: chunks sort as text as they do as numbers. */
function chunkId(index: number): string {
  return String(index).padStart(6, '0');
}
