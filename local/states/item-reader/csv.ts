import { type Json, type JsonObject, setMember } from '../json.ts';
import { itemReaderError } from './item-reader-error.ts';

const delimiters: Record<string, string> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/** The rows of a CSV text as objects by header. Missing fields are empty, those beyond the headers are dropped. */
export function readCsv(text: string, config: JsonObject): Json[] {
  const rows = parseRows(text, delimiters[config.CSVDelimiter ?? 'COMMA']!);
  const headers = config.CSVHeaderLocation === 'GIVEN' ? (config.CSVHeaders as string[]) : (rows.shift() ?? []);
  if (new Set(headers).size < headers.length) throw itemReaderError('CSV headers cannot contain duplicates.');
  return rows.map((row) => {
    const item: JsonObject = {};
    for (const [index, header] of headers.entries()) setMember(item, header, row[index] ?? '');
    return item;
  });
}

/**
 * Fields may be quoted; a quote inside is doubled; a quoted field may span lines. A backslash makes a backslash, a quote
 * or the delimiter plain and is dropped before anything else. Empty lines are no rows.
 */
function parseRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  const escapable = new Set(['\\', '"', delimiter]);
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let started = false;
  const endField = () => {
    row.push(field);
    field = '';
    started = false;
  };
  const endRow = () => {
    if (row.length === 0 && field === '' && !started) return;
    endField();
    rows.push(row);
    row = [];
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === '\\') {
      started = true;
      if (escapable.has(text[index + 1] ?? '')) field += text[++index];
    } else if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') field += text[++index];
      else quoted = false;
    } else if (character === '"' && field === '' && !started) {
      quoted = true;
      started = true;
    } else if (character === delimiter) {
      endField();
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[index + 1] === '\n') index++;
      endRow();
    } else {
      field += character;
    }
  }
  endRow();
  return rows;
}
