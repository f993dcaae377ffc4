import { join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import { firstRow, rowColumn } from '../relation.ts';
import { type ReadRequest, reading, type TextScan } from '../source-files.ts';
import { csvHeader } from './csv-header.ts';
import { CsvScanner } from './csv-scanner.ts';
import { asInFile, type FileFit, fitColumns } from './fit-columns.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { lookAtText, type TextLook } from './look-at-text.ts';
import { siftText, type TextLayout, textColumns, unreadable } from './text.ts';
import { unpacked } from './unpack.ts';

/** CSV is read as text: DuckDB's own casts round, and say nothing of columns that nobody selects. */
export function readCsv(request: ReadRequest): Promise<TextScan> {
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
    if (columns === undefined) return nothingOf(fields);
    refuseTwins(request, columns);
    const fit = fitColumns(
      request,
      columns.map((name) => ({ name })),
    );
    const scan = await scanCsv(
      { ...request, file, node: asInFile(node, fit) },
      {
        columns,
        separator: format.delimiter,
        header: format.header,
        form: 'text',
        dialect: csvDialect(format),
        scanner: () => new CsvScanner(format, columns.length),
      },
      format.quote,
    );
    return withFit(scan, fit);
  });
}

function withFit({ sifted, ...scan }: TextScan, fit: FileFit): TextScan {
  return { ...scan, fit, ...(sifted && { sifted: async () => withFit(await sifted(), fit) }) };
}

interface CsvLayout extends TextLayout {
  /** True where the first record names the columns. */
  readonly header: boolean;
}

const plainScan = { others: {}, checks: [], sure: [], taken: { rejected: 0, rules: {} } };

async function scanCsv(request: ReadRequest, layout: CsvLayout, quote: string): Promise<TextScan> {
  const { node, file, signal } = request;
  const look = await lookAtText(file.path, quote, signal);
  if (!look.sound) return siftCsv(request, layout);
  const scan = {
    row: request.row ?? `${firstRow(file)} + rowid`,
    numbered: false,
    sifted: () => siftCsv(request, layout),
  };
  const options = [...layout.dialect, `header = ${layout.header}`];
  // A record of one column is never too short, and one of it may be an empty line.
  if (!look.quoted && layout.columns.length > 1) return { ...scan, ...paddedScan(request, layout, options, look) };
  const { others, needs } = hiddenColumns(layout.columns, node.contract.fields);
  const columns = [...node.contract.fields.map(({ name }) => quoted(name)), ...needs].join(', ');
  return {
    ...plainScan,
    ...scan,
    columns: layout.columns,
    others,
    from: `(SELECT ${columns} FROM ${textColumns(file.path, layout.columns, options)})`,
  };
}

/** A record may have this many fields too many before DuckDB refuses the file. */
const spareColumns = ['__spare_1', '__spare_2', '__spare_3', '__spare_4'];

/**
 * Records of a file without quotes, those with too few or too many fields included. DuckDB gives NULL to a field that is
 * not there; a NULL of its own it would have to find in a text that no field can be, a line end, so an empty field stays
 * an empty text. Empty fields beyond the last column are a habit of spreadsheets; they hide nothing.
 */
function paddedScan(request: ReadRequest, layout: CsvLayout, options: readonly string[], { returns }: TextLook) {
  const { node, file, rejects } = request;
  const { columns } = layout;
  const texts = Object.fromEntries(columns.map((name, index) => [name, `__text_${index}`]));
  const fields = node.contract.fields.map(({ name }) => `nullif(${quoted(name)}, '') AS ${quoted(name)}`);
  const word = `CASE WHEN ${quoted(columns.at(-1)!)} IS NULL OR ${spareColumns.map((name) => `${name} <> ''`).join(' OR ')} THEN 'width' END`;
  const padded = [...options, 'null_padding = true', "nullstr = '\n'"];
  const others = Object.keys(hiddenColumns(columns, node.contract.fields).others);
  return {
    ...plainScan,
    columns,
    others: Object.fromEntries(others.map((name) => [name, `nullif(${texts[name]}, '')`])),
    from:
      `(SELECT ${[...fields, ...columns.map((name) => `${quoted(name)} AS ${texts[name]}`), ...spareColumns].join(', ')}, ${word} AS __broken ` +
      `FROM ${textColumns(file.path, [...columns, ...spareColumns], padded)})`,
    broken: {
      word: '__broken',
      raw: `concat_ws(${[literal(layout.separator), ...Object.values(texts), ...spareColumns].join(', ')})`,
    },
    // Where lines end in two ways, DuckDB and the sifter may see different ones.
    takeBroken: async (from: string) => (returns ? undefined : takeWrongWidths({ node, rejects }, layout, from)),
  };
}

function takeWrongWidths({ node, rejects }: Pick<ReadRequest, 'node' | 'rejects'>, layout: CsvLayout, from: string) {
  // Without quotes every separator parts two fields.
  const found = `length(raw) - length(replace(raw, ${literal(layout.separator)}, '')) + 1`;
  return rejects.addRead(
    node.id,
    `SELECT id, ${unreadable(layout)}, 'the record has ' || found || CASE found WHEN 1 THEN ' field' ELSE ' fields' END || ', not ${layout.columns.length}' AS reason, raw ` +
      `FROM (SELECT *, ${found} AS found FROM (SELECT ${rowColumn} AS id, __raw_text AS raw FROM ${from}))`,
  );
}

async function siftCsv(request: ReadRequest, layout: CsvLayout): Promise<TextScan> {
  return numberedScan(request, layout.columns, await siftText(request, layout));
}

/** Options of DuckDB's CSV reader for a format. */
export function csvDialect({ delimiter, quote }: Extract<Format, { kind: 'csv' }>): readonly string[] {
  return [`delim = ${literal(delimiter)}`, `quote = ${literal(quote)}`, `escape = ${literal(quote)}`];
}

/** Records that are known to be right, with their numbers. */
export function numberedScan(
  { node }: Pick<ReadRequest, 'node'>,
  columns: readonly string[],
  { from, taken }: Pick<TextScan, 'from' | 'taken'>,
): TextScan {
  const { fields } = node.contract;
  const { others, needs } = hiddenColumns(columns, fields);
  const list = [...fields.map(({ name }) => quoted(name)), ...needs, rowColumn].join(', ');
  return {
    ...plainScan,
    columns,
    others,
    from: `(SELECT ${list} FROM ${from})`,
    taken,
    row: rowColumn,
    numbered: true,
  };
}

/** An empty file has no header and no records. */
function nothingOf(fields: readonly string[]): TextScan {
  const empty = fields.map((field) => `NULL::VARCHAR AS ${quoted(field)}`).join(', ');
  const from = `(SELECT ${empty}, 0::BIGINT AS ${rowColumn} WHERE false)`;
  return { ...plainScan, columns: fields, from, row: rowColumn, numbered: true };
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
