import { join } from 'node:path';
import { type ReadRequest, reading, type TextScan } from '../source-files.ts';
import { splitJsonArray } from './json-array.ts';
import { scanJsonLines } from './json-lines.ts';
import { unpacked } from './unpack.ts';

/** Each line is a record; blank lines are none. */
export function readNdjson(request: ReadRequest): Promise<TextScan> {
  return reading(request, async () => scanJsonLines(withPath(request, await plainFile(request))));
}

/** The array is cut into one line per element first: one bad element must not cost the others. */
export function readJson(request: ReadRequest): Promise<TextScan> {
  return reading(request, async () => {
    const lines = join(request.workFolder, request.session.newName('elements'));
    await splitJsonArray(await plainFile(request), lines, request.file.key);
    return scanJsonLines(withPath(request, lines));
  });
}

function withPath(request: ReadRequest, path: string): ReadRequest {
  return { ...request, file: { ...request.file, path } };
}

function plainFile({ file, workFolder, session, signal }: ReadRequest): Promise<string> {
  return unpacked(file.path, join(workFolder, session.newName('unpacked')), file.key, signal);
}
