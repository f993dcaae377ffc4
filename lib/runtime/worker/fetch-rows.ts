import { open, rm } from 'node:fs/promises';
import { concurrently } from '../../core/concurrently.ts';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import type { ChunkInput } from '../messages.ts';
import { readParquetFooter } from '../parquet-footer.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { Ports } from '../ports/ports.ts';

const pieceBytes = 8 * 1024 * 1024;

/**
 * Makes a file that is the object in the row groups that hold `rows` and a hole in the others: a chunk of a large file
 * costs the network its own share only.
 */
export async function fetchRows(
  ports: Pick<Ports, 'objects' | 'engine'>,
  input: ChunkInput & { readonly rows: { readonly from: number; readonly to: number } },
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const groups = await readParquetFooter(ports, input, path);
  if (!groups) {
    throw new InputMissingError({
      problem: 'a file that was planned as Parquet is none',
      received: input.key,
      change: 'keep versions in the lake bucket: a file must not change during a run',
    });
  }
  const ranges = rangesOf(groups, input.rows, input.size);
  if (!ranges) {
    await rm(path);
    return ports.objects.download(input, path, signal);
  }
  const file = await open(path, 'r+');
  try {
    await concurrently(ranges.flatMap(cut), 4, async ({ from, to }) => {
      signal.throwIfAborted();
      const bytes = await ports.objects.readRange(input, from, to);
      await file.write(bytes, 0, bytes.length, from);
    });
  } finally {
    await file.close();
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What lies behind a row group up to the next one belongs to it (bloom filters), and what lies behind the last one to
 * all of them (indexes). Undefined where the engine can not say where row groups lie.
 */
function rangesOf(groups: readonly RowGroup[], rows: Range, size: number): readonly Range[] | undefined {
  const places = groups.flatMap(({ bytes }) => bytes ?? []);
  if (places.length < groups.length) return undefined;
  const ranges: Range[] = [];
  let first = 0;
  for (const [index, group] of groups.entries()) {
    const end = first + group.rows;
    if (first < rows.to && end > rows.from) {
      ranges.push({ from: places[index]!.from, to: places[index + 1]?.from ?? places[index]!.to });
    }
    first = end;
  }
  ranges.push({ from: Math.max(...places.map(({ to }) => to)), to: size });
  return ranges;
}

function cut({ from, to }: Range): Range[] {
  const pieces: Range[] = [];
  for (let at = from; at < to; at += pieceBytes) pieces.push({ from: at, to: Math.min(to, at + pieceBytes) });
  return pieces;
}
