import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Format } from '../../component/connector.ts';
import { InputMalformedError } from '../errors.ts';
import { carriageReturn, lineFeed, withoutMark } from './scanner.ts';

type Dialect = Extract<Format, { kind: 'csv' }>;

/** Begins what stands for the names of columns that have none. */
export const unnamed = '__unnamed_';

/** A header longer than this is not one. */
const longestHeaderBytes = 1024 * 1024;

/**
 * Column names in the first record of a CSV file that is no blank line, or undefined where there is none.
 * Throws `InputMalformedError` where the first megabyte is no header, or no UTF-8 text.
 * @param key object key, for errors
 */
export async function csvHeader(path: string, key: string, format: Dialect): Promise<string[] | undefined> {
  let bytes = Buffer.alloc(0);
  for await (const piece of createReadStream(path)) {
    bytes = Buffer.concat([bytes, piece as Buffer]);
    const header = firstRecord(withoutBlankLines(bytes), format);
    if (header) return namesIn(header, key, format);
    if (bytes.length > longestHeaderBytes) throw noHeader(key, 'has no line end in its first megabyte', bytes);
  }
  const rest = withoutBlankLines(bytes);
  return rest.length === 0 ? undefined : namesIn(rest, key, format);
}

function withoutBlankLines(bytes: Buffer): Buffer {
  const text = withoutMark(bytes);
  const first = text.findIndex((byte) => byte !== lineFeed && byte !== carriageReturn);
  return first < 0 ? text.subarray(text.length) : text.subarray(first);
}

/** The bytes of the first record, or undefined where its end has not come yet. */
function firstRecord(bytes: Buffer, format: Dialect): Buffer | undefined {
  // Delimiter, quote and line ends are ASCII: a letter for each byte finds them in any text.
  const found = parseRecord(bytes.toString('latin1'), format);
  return found && bytes.subarray(0, found.length);
}

function namesIn(header: Buffer, key: string, format: Dialect): string[] {
  if (!isUtf8(header)) throw noHeader(key, 'does not begin with UTF-8 text', header);
  const { fields } = parseRecord(`${header.toString('utf8')}\n`, format)!;
  // A column without a name is one that nobody can ask for; spreadsheets write them at either end.
  return fields.map((name, index) => name || `${unnamed}${index + 1}`);
}

function noHeader(key: string, why: string, bytes: Buffer): InputMalformedError {
  return new InputMalformedError({
    problem: `${key} ${why}`,
    // No more: without a header these are the bytes of a row.
    received: `the bytes ${bytes.subarray(0, 4).toString('hex')}…`,
    allowed: 'a CSV file in UTF-8 with a header line',
    change: 'correct the delimiter and quote of the source, or send CSV in UTF-8',
  });
}

/** The fields of the first record and its length without the line end, or undefined where its end is not in the text. */
function parseRecord(text: string, { delimiter, quote }: Dialect): { fields: string[]; length: number } | undefined {
  const fields: string[] = [];
  let field = '';
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (inside) {
      if (letter !== quote) field += letter;
      else if (text[index + 1] === quote) field += text[++index];
      else inside = false;
    } else if (letter === quote && field.trim() === '') {
      inside = true;
      field = '';
    } else if (letter === delimiter) {
      fields.push(field);
      field = '';
    } else if (letter === '\n' || letter === '\r') return { fields: [...fields, field], length: index };
    else field += letter;
  }
  return undefined;
}
