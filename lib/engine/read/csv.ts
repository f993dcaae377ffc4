import { join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import { restrictedColumns } from '../../component/restricted-columns.ts';
import { literal, quoted } from '../../component/shape.ts';
import { firstRow, rowColumn } from '../relation.ts';
import { type ReadRequest, reading, type TextScan } from '../source-files.ts';
import type { Statements } from '../statements.ts';
import { withoutBlankStart } from './blank-start.ts';
import { csvHeader, unnamed } from './csv-header.ts';
import { CsvScanner } from './csv-scanner.ts';
import { asInFile, type FileColumn, type FileFit, fitColumns, knowsNone } from './fit-columns.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { lookAtText, type TextLook } from './look-at-text.ts';
import { refuseTwins } from './refuse-twins.ts';
import { takeLines } from './take-lines.ts';
import { siftText, type TextLayout, textColumns, unreadable } from './text.ts';
import { unpacked } from './unpack.ts';

/** CSV is read as text: DuckDB's own casts round, and say nothing of columns that nobody selects. */
export function readCsv(request: ReadRequest): Promise<TextScan> {
  return reading(request, async () => {
    const { format, node, session, signal } = request;
    if (format.kind !== 'csv') throw new TypeError('not CSV');
    const to = () => join(request.workFolder, session.newName('unpacked'));
    const path = await withoutBlankStart(await unpacked(request.file.path, to(), request.file.key, signal), to, signal);
    const file = { ...request.file, path };
    const fields = node.contract.fields.map((field) => field.name);
    const header = format.header ? await csvHeader(path, file.key, format) : fields;
    if (header === undefined) return nothingOf(fields);
    const closed = restrictedColumns(node).size > 0;
    refuseTwins(header, file.key, { closed });
    // A first line that names nothing of a restricted contract may be a row: its values would stand for names.
    const isRow = closed && knowsNone(request, asColumns(header));
    const columns = isRow ? header.map((_, index) => `${unnamed}${index + 1}`) : header;
    const fit = fitColumns(request, asColumns(columns));
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
      format,
    );
    return withFit(scan, fit);
  });
}

function asColumns(names: readonly string[]): FileColumn[] {
  return names.map((name) => ({ name }));
}

function withFit({ strict, sifted, ...scan }: TextScan, fit: FileFit): TextScan {
  return {
    ...scan,
    fit,
    ...(strict && { strict: () => withFit(strict(), fit) }),
    ...(sifted && { sifted: async () => withFit(await sifted(), fit) }),
  };
}

interface CsvLayout extends TextLayout {
  /** True where the first record names the columns. */
  readonly header: boolean;
}

type CsvFormat = Extract<Format, { kind: 'csv' }>;

const plainScan = { others: {}, checks: [], sure: [], taken: { rejected: 0, rules: {} } };

async function scanCsv(request: ReadRequest, layout: CsvLayout, format: CsvFormat): Promise<TextScan> {
  const { file, signal } = request;
  const look = await lookAtText(file.path, format.quote, signal);
  if (!look.sound) return siftCsv(request, layout);
  // A record of one column is never too short, and one of it may be an empty line.
  if (layout.columns.length === 1) return strictScan(request, layout);
  return paddedScan(request, { layout, format, look });
}

/** Records that all are as wide as the header, in quotes or not, with line ends in quotes or without. */
function strictScan(request: ReadRequest, layout: CsvLayout): TextScan {
  const { session, node, file } = request;
  const { others, needs } = hiddenColumns(layout.columns, node.contract.fields);
  const columns = [...node.contract.fields.map(({ name }) => quoted(name)), ...needs].join(', ');
  return {
    ...plainScan,
    ...scanOf(request),
    columns: layout.columns,
    others,
    from: `(SELECT ${columns} FROM ${textColumns({ ...file, session }, layout.columns, optionsOf(layout))})`,
    sifted: () => siftCsv(request, layout),
  };
}

function scanOf({ file, row }: ReadRequest) {
  return { row: row ?? `${firstRow(file)} + __number`, numbered: false };
}

function optionsOf({ dialect, header }: CsvLayout): readonly string[] {
  return [...dialect, `header = ${header}`];
}

/** A record may have this many fields too many before DuckDB refuses the file. */
const spareColumns = ['__spare_1', '__spare_2', '__spare_3', '__spare_4'];

/**
 * Records that are each a line, those with too few or too many fields included. DuckDB gives NULL to a field that is not
 * there; a NULL of its own it would have to find in a text that no field can be, a line end out of quotes, so an empty
 * field stays an empty text. Empty fields beyond the last column are a habit of spreadsheets; they hide nothing.
 *
 * DuckDB refuses to pad a file with a line end in quotes, and one with a broken quote.
 */
function paddedScan(
  request: ReadRequest,
  { layout, format, look }: { layout: CsvLayout; format: CsvFormat; look: TextLook },
): TextScan {
  const { session, node, file } = request;
  const { columns } = layout;
  const texts = Object.fromEntries(columns.map((name, index) => [name, `__text_${index}`]));
  const fields = node.contract.fields.map(({ name }) => `nullif(${quoted(name)}, '') AS ${quoted(name)}`);
  const word = `CASE WHEN ${quoted(columns.at(-1)!)} IS NULL OR ${spareColumns.map((name) => `${name} <> ''`).join(' OR ')} THEN 'width' END`;
  const padded = [...optionsOf(layout), 'null_padding = true', "nullstr = '\n'", 'allow_quoted_nulls = false'];
  const others = Object.keys(hiddenColumns(columns, node.contract.fields).others);
  // Of a record in quotes nobody knows the length beforehand.
  const lengths = look.quoted ? undefined : look;
  return {
    ...plainScan,
    ...scanOf(request),
    columns,
    others: Object.fromEntries(others.map((name) => [name, `nullif(${texts[name]}, '')`])),
    from:
      `(SELECT ${[...fields, ...columns.map((name) => `${quoted(name)} AS ${texts[name]}`), ...spareColumns].join(', ')}, ${word} AS __broken ` +
      `FROM ${textColumns({ ...file, session }, [...columns, ...spareColumns], padded, lengths)})`,
    broken: {
      word: '__broken',
      // What was in quotes cannot be told any more: such a record is read again where it lies.
      raw: look.quoted
        ? 'NULL::VARCHAR'
        : `concat_ws(${[literal(layout.separator), ...Object.values(texts), ...spareColumns].join(', ')})`,
    },
    takeBroken: async (from: string, on?: Statements) => {
      // Where lines end in two ways, DuckDB and the sifter may see different ones.
      if (look.returns === 'mixed') return undefined;
      return look.quoted ? takeLines(request, layout, format, from) : takeWrongWidths(request, layout, from, on);
    },
    takesEach: !look.quoted && look.returns !== 'mixed',
    // DuckDB takes some broken quotes for good ones, and what is behind them for a part of the same record.
    ...(look.quoted && {
      expected: look.lines! - (layout.header ? 1 : 0),
      strict: () => strictScan(request, layout),
    }),
    sifted: () => siftCsv(request, layout),
  };
}

function takeWrongWidths(
  { node, rejects }: Pick<ReadRequest, 'node' | 'rejects'>,
  layout: CsvLayout,
  from: string,
  on: Statements | undefined,
) {
  // Without quotes every separator parts two fields.
  const found = `length(raw) - length(replace(raw, ${literal(layout.separator)}, '')) + 1`;
  return rejects.addRead(
    node.id,
    `SELECT id, ${unreadable(layout)}, 'the record has ' || found || CASE found WHEN 1 THEN ' field' ELSE ' fields' END || ', not ${layout.columns.length}' AS reason, raw ` +
      `FROM (SELECT *, ${found} AS found FROM (SELECT ${rowColumn} AS id, __raw_text AS raw FROM ${from}))`,
    on,
  );
}

async function siftCsv(request: ReadRequest, layout: CsvLayout): Promise<TextScan> {
  return numberedScan(request, layout.columns, await siftText(request, layout));
}

/** Options of DuckDB's CSV reader for a format. */
export function csvDialect({ delimiter, quote }: CsvFormat): readonly string[] {
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
