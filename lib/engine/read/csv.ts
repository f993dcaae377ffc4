import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import { rowColumn } from '../relation.ts';
import { type ReadFile, type ReadRequest, reading, requireColumns, type TextScan } from '../source-files.ts';
import { csvHeader } from './csv-header.ts';
import { CsvScanner } from './csv-scanner.ts';
import { scanText } from './text.ts';
import { unpacked } from './unpack.ts';

/** CSV is read as text, all columns of it: casts of columns that nobody selects would go unreported. */
export function readCsv(request: ReadRequest): Promise<ReadFile | TextScan> {
  return reading(request, async () => {
    const { format, node, session, signal } = request;
    if (format.kind !== 'csv') throw new TypeError('not CSV');
    const path = await unpacked(
      request.file.path,
      join(request.workFolder, session.newName('unpacked')),
      request.file.key,
      signal,
    );
    const file = { ...request.file, path };
    const fields = node.contract.fields.map((field) => field.name);
    const columns = format.header ? await csvHeader(path, file.key, format) : fields;
    if (columns === undefined) return readNothing(request, fields);
    refuseTwins(request, columns);
    requireColumns(request, columns);
    return scanText(
      { ...request, file },
      {
        columns,
        separator: format.delimiter,
        quote: format.quote,
        header: format.header,
        form: 'text',
        dialect: [
          `delim = ${literal(format.delimiter)}`,
          `quote = ${literal(format.quote)}`,
          `escape = ${literal(format.quote)}`,
        ],
        scanner: () => new CsvScanner(format, columns.length),
      },
    );
  });
}

/** An empty file has no header and no records. */
async function readNothing({ session, name }: ReadRequest, fields: readonly string[]): Promise<ReadFile> {
  const columns = fields.map((field) => `NULL::VARCHAR AS ${quoted(field)}`).join(', ');
  await session.run(`CREATE TABLE ${name} AS SELECT ${columns}, 0::BIGINT AS ${rowColumn} WHERE false`);
  return { types: Object.fromEntries(fields.map((field) => [field, 'VARCHAR'])), records: 0, rejected: 0, rules: {} };
}

function refuseTwins({ file }: ReadRequest, names: readonly string[]): void {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const twin = names.find((name, index) => names.findIndex((other) => same(name, other)) !== index);
  if (twin === undefined) return;
  throw new SchemaMismatchError({
    problem: `${file.key} names the column "${twin}" twice`,
    received: names,
    allowed: 'a header in which each name occurs once, upper and lower case being the same',
    change: 'rename one of the columns in the file',
  });
}
