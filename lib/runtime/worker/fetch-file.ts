import type { InputFile } from '../../engine/chunk.ts';
import type { ChunkInput } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { fetchPart } from './fetch-part.ts';
import { fetchRows } from './fetch-rows.ts';

/** Brings what a chunk reads of a file of a source to `path`. */
export async function fetchFile(
  ports: Pick<Ports, 'objects' | 'engine'>,
  input: ChunkInput,
  path: string,
  signal: AbortSignal,
): Promise<InputFile> {
  const { rows, part, key, versionId: version, source: of, file, rejects } = input;
  const named = { path, key, version, of, file, rejects };
  if (part) {
    await fetchPart(ports, { ...input, part }, path, signal);
    return { ...named, recordsBefore: part.recordsBefore };
  }
  if (!rows) {
    await ports.objects.download(input, path, signal);
    return named;
  }
  await fetchRows(ports, { ...input, rows }, path, signal);
  return { ...named, rows };
}
