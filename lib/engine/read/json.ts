import { join } from 'node:path';
import { type FilePart, type ReadRequest, reading, type TextScan } from '../source-files.ts';
import { splitJsonArray } from './json-array.ts';
import { scanJsonLines } from './json-lines.ts';
import { typeAlike } from './type-alike.ts';
import { typeText } from './type-text.ts';
import { unpacked } from './unpack.ts';

/** Each line is a record; blank lines are none. */
export function readNdjson(request: ReadRequest): Promise<TextScan> {
  return reading(request, async () => scanJsonLines(withPath(request, await plainFile(request))));
}

/**
 * Types the records of NDJSON or of a JSON array on their way into a table, and sets aside the bad ones.
 * @param typed quoted name of the table to make
 */
export async function typeJson(request: ReadRequest, typed: string): Promise<FilePart> {
  const lines = await reading(request, () => linesOf(request));
  const part = await reading(lines, () => typeAlike(lines, typed));
  return part ?? typeText(lines, await reading(lines, () => scanJsonLines(lines)), typed);
}

/** An array is cut into one line per element first: one bad element must not cost the others. */
async function linesOf(request: ReadRequest): Promise<ReadRequest> {
  const plain = await plainFile(request);
  if (request.format.kind === 'ndjson') return withPath(request, plain);
  const lines = join(request.workFolder, request.session.newName('elements'));
  await splitJsonArray(plain, lines, request.file.key);
  return withPath(request, lines);
}

function withPath(request: ReadRequest, path: string): ReadRequest {
  return { ...request, file: { ...request.file, path } };
}

function plainFile({ file, workFolder, session, signal }: ReadRequest): Promise<string> {
  return unpacked(file.path, join(workFolder, session.newName('unpacked')), file.key, signal);
}
