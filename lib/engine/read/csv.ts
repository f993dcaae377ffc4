import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import { type ReadFile, type ReadRequest, reading, requireColumns } from '../source-files.ts';
import { csvHeader } from './csv-header.ts';
import { readText } from './text.ts';

/** CSV is read as text, all columns of it: casts of columns that nobody selects would go unreported. */
export function readCsv(request: ReadRequest): Promise<ReadFile> {
  const { format, node, file } = request;
  if (format.kind !== 'csv') throw new TypeError('not CSV');
  return reading(request, async () => {
    const names = format.header ? await csvHeader(file.path, format) : node.contract.fields.map((field) => field.name);
    if (names === undefined) return readText(request, { empty: node.contract.fields.map((field) => field.name) });
    refuseTwins(request, names);
    requireColumns(request, names);
    const columns = names.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ');
    const options = [
      `columns = {${columns}}`,
      'auto_detect = false',
      `header = ${format.header}`,
      `delim = ${literal(format.delimiter)}`,
      `quote = ${literal(format.quote)}`,
      `escape = ${literal(format.quote)}`,
    ];
    return readText(request, { columns: names, options, firstRecordLine: format.header ? 2 : 1 });
  });
}

function refuseTwins({ file }: ReadRequest, names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new SchemaMismatchError({
    problem: `${file.key} names the column "${twin}" twice`,
    received: names,
    allowed: 'a header in which each name occurs once',
    change: 'rename one of the columns in the file',
  });
}
