import type { Plan } from '../../component/plan.ts';
import { secretNames } from '../../component/plan-secrets.ts';
import { chunkBytesFor } from '../../core/chunk-bytes.ts';
import { partitionsFor } from '../../core/partitions-for.ts';
import type { ChunkInput, ChunkItem, TextPart } from '../messages.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { PinnedInputs, PinnedObject } from './pinned-inputs.ts';

export interface ChunkPlan {
  readonly solo: boolean;
  /** Manifest by stage id. */
  readonly items: Readonly<Record<string, readonly ChunkItem[]>>;
}

/** A chunk travels in a message and in a state; beyond this its files are spread over more chunks. */
const mostItemBytes = 48 * 1024;

/** Where large files may be cut, by the file's position; those that are not named here stay whole. */
export interface FileCuts {
  /** Row groups of Parquet files. */
  readonly rowGroups: ReadonlyMap<number, readonly RowGroup[]>;
  /** Parts of text files that each hold whole records. */
  readonly parts: ReadonlyMap<number, readonly TextPart[]>;
}

/**
 * Cuts a run into chunks: one for all where everything fits in a chunk; else files are packed together up to its size,
 * and larger files cut, Parquet between row groups and text between records.
 */
export function planChunks(
  plan: Plan,
  files: readonly PinnedObject[],
  cuts: FileCuts,
  {
    secrets: versions = {},
    cursors = {},
    fallbacks = [],
    ids,
  }: Pick<PinnedInputs, 'secrets' | 'cursors' | 'fallbacks' | 'ids'> = {},
): ChunkPlan {
  const total = files.reduce((bytes, file) => bytes + file.size, 0);
  const chunkBytes = chunkBytesFor(plan.resources, total);
  const pieces = files.flatMap((file, position) => piecesOf(file, position, cuts, chunkBytes));
  const chunks = pack(pieces, chunkBytes);
  const solo = total <= chunkBytes && chunks.length <= 1;
  const partitions = partitionsFor(plan.resources, total);
  const names = secretNames(plan).stages;
  const secrets = Object.fromEntries(Object.entries(versions).filter(([name]) => names.includes(name)));
  const pinned = { ...(Object.keys(secrets).length > 0 && { secrets }), ...(ids && { ids }) };
  const after = Object.fromEntries(
    Object.entries(cursors).flatMap(([source, { position }]) => (position === undefined ? [] : [[source, position]])),
  );
  const taken = Object.keys(after).length > 0 ? { cursors: after } : {};
  const items: Record<string, ChunkItem[]> = {};
  for (const { id: stage, kind, nodes } of plan.stages) {
    if (kind === 'process') {
      items[stage] = chunks.map((inputs, index) => {
        const replaced = fallbacks
          .map(({ source }) => source)
          .filter((id) => inputs.some(({ source }) => source === id));
        const instead = replaced.length > 0 ? { instead: replaced } : {};
        return { stage, chunk: chunkId(index), solo, partitions, inputs, ...instead, ...pinned, ...taken };
      });
    } else {
      const meeting = solo || chunks.length === 0 || nodes.length === 0 ? 0 : partitions;
      items[stage] = Array.from({ length: meeting }, (_, partition) => {
        return { stage, chunk: chunkId(partition), solo, partitions, partition, ...pinned };
      });
    }
  }
  return { solo, items };
}

interface Piece {
  readonly input: ChunkInput;
  readonly bytes: number;
}

function piecesOf(file: PinnedObject, position: number, cuts: FileCuts, chunkBytes: number): Piece[] {
  const { source, key, versionId, size, metadata, rejects } = file;
  const input: ChunkInput = {
    source,
    key,
    ...(versionId !== undefined && { versionId }),
    size,
    file: position,
    ...(metadata !== undefined && { metadata }),
    ...(rejects && { rejects }),
  };
  const parts = file.grown?.parts ?? cuts.parts.get(position);
  if (parts && (parts.length > 1 || file.grown))
    return parts.map((part) => ({ input: { ...input, part }, bytes: part.to - part.from }));
  const groups = cuts.rowGroups.get(position);
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
