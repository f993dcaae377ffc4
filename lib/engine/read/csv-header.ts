import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Format } from '../../component/connector.ts';
import { InputMalformedError } from '../errors.ts';

/** A header longer than this is not one. */
const longestHeaderBytes = 1024 * 1024;

/** Column names in the first record of a CSV file, or undefined where the file is empty. */
export async function csvHeader(path: string, format: Extract<Format, { kind: 'csv' }>): Promise<string[] | undefined> {
  let text = '';
  for await (const chunk of unpacked(path)) {
    text += Buffer.from(chunk).toString('utf8');
    const names = parseRecord(text.replace(/^\uFEFF/, ''), format);
    if (names) return names;
    if (text.length > longestHeaderBytes) break;
  }
  if (text.length > longestHeaderBytes) {
    throw new InputMalformedError({
      problem: `${path} has no line end in its first ${longestHeaderBytes} bytes`,
      received: `${text.slice(0, 40)}…`,
      allowed: 'a CSV file with a header line',
      change: 'correct the delimiter and quote of the source, or send CSV',
    });
  }
  const rest = text.replace(/^\uFEFF/, '');
  return rest === '' ? undefined : parseRecord(`${rest}\n`, format);
}

function unpacked(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path);
  if (path.endsWith('.gz')) return file.pipe(createGunzip());
  if (path.endsWith('.zst')) return file.pipe(createZstdDecompress());
  return file;
}

/** The fields of the first record, or undefined where its end is not in the text yet. */
function parseRecord(text: string, { delimiter, quote }: { delimiter: string; quote: string }): string[] | undefined {
  const fields: string[] = [];
  let field = '';
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (inside) {
      if (letter !== quote) field += letter;
      else if (text[index + 1] === quote) field += text[++index];
      else inside = false;
    } else if (letter === quote && field === '') inside = true;
    else if (letter === delimiter) {
      fields.push(field);
      field = '';
    } else if (letter === '\n' || letter === '\r') return [...fields, field];
    else field += letter;
  }
  return undefined;
}
