import { createReadStream } from 'node:fs';
import type { Format } from '../../component/connector.ts';
import { InputMalformedError } from '../errors.ts';

/** A header longer than this is not one. */
const longestHeaderBytes = 1024 * 1024;

/**
 * Column names in the first record of a CSV file, or undefined where the file is empty.
 * Throws `InputMalformedError` where the first megabyte is no header, or no UTF-8 text.
 * @param key object key, for errors
 */
export async function csvHeader(
  path: string,
  key: string,
  format: Extract<Format, { kind: 'csv' }>,
): Promise<string[] | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const bytes of createReadStream(path)) {
      text += decoder.decode(bytes, { stream: true });
      const names = parseRecord(text, format);
      if (names) return names;
      if (text.length > longestHeaderBytes) throw noHeader(key, 'has no line end in its first megabyte', text);
    }
    text += decoder.decode();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw cause;
    throw noHeader(key, 'is not UTF-8 text', text);
  }
  return text === '' ? undefined : parseRecord(`${text}\n`, format);
}

function noHeader(key: string, why: string, text: string): InputMalformedError {
  return new InputMalformedError({
    problem: `${key} ${why}`,
    received: `${text.slice(0, 40)}…`,
    allowed: 'a CSV file in UTF-8 with a header line',
    change: 'correct the delimiter and quote of the source, or send CSV in UTF-8',
  });
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
    } else if (letter === quote && field.trim() === '') {
      inside = true;
      field = '';
    } else if (letter === delimiter) {
      fields.push(field);
      field = '';
    } else if (letter === '\n' || letter === '\r') return [...fields, field];
    else field += letter;
  }
  return undefined;
}
