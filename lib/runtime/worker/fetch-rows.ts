import { open } from 'node:fs/promises';
import { InputMissingError } from '../../core/errors/input-missing-error.ts';
import type { ChunkInput } from '../messages.ts';
import { readParquetFooter } from '../parquet-footer.ts';
import type { RowGroup } from '../ports/engine.ts';
import type { ByteRange } from '../ports/object-store.ts';
import type { Ports } from '../ports/ports.ts';
import { copyRanges } from './copy-ranges.ts';

type Rows = NonNullable<ChunkInput['rows']>;

/**
 * Makes a file that is the object in the row groups that hold `rows` and a hole in the others: a chunk of a large file
 * costs the network its own share only.
 */
export async function fetchRows(
  ports: Pick<Ports, 'objects' | 'engine'>,
  input: ChunkInput & { readonly rows: Rows },
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
  const file = await open(path, 'r+');
  try {
    const ranges = rangesOf(groups, input.rows, input.size).map((range) => ({ ...range, at: range.from }));
    await copyRanges(ports.objects, input, ranges, file, signal);
  } finally {
    await file.close();
  }
}

/**
 * What lies behind a row group up to the next one belongs to it (bloom filters), and what lies behind the last one to
 * all of them (indexes).
 */
function rangesOf(groups: readonly RowGroup[], rows: Rows, size: number): readonly ByteRange[] {
  const ranges: ByteRange[] = [];
  let first = 0;
  for (const [index, { rows: count, bytes }] of groups.entries()) {
    const end = first + count;
    if (first < rows.to && end > rows.from)
      ranges.push({ from: bytes.from, to: groups[index + 1]?.bytes.from ?? bytes.to });
    first = end;
  }
  ranges.push({ from: Math.max(...groups.map(({ bytes }) => bytes.to)), to: size });
  return ranges;
}
