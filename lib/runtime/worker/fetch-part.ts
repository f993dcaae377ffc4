import { open } from 'node:fs/promises';
import type { ChunkInput, TextPart } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { copyRanges } from './copy-ranges.ts';

/** Makes a file of its own out of a part of a text file: the header, where there is one, the part's records, and its end. */
export async function fetchPart(
  ports: Pick<Ports, 'objects'>,
  input: ChunkInput & { readonly part: TextPart },
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const { from, to, header, end = '' } = input.part;
  const file = await open(path, 'wx');
  try {
    const ranges = [
      { from: 0, to: header, at: 0 },
      { from, to, at: header },
    ];
    await copyRanges(ports.objects, input, ranges, file, signal);
    await file.write(end, header + to - from);
  } finally {
    await file.close();
  }
}
