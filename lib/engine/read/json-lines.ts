import { longFractionsAsText } from '../../component/exact-json.ts';
import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import type { Check, RawForm, Taken } from '../rejects.ts';
import { firstRow, rowColumn } from '../relation.ts';
import type { ReadRequest, TextScan } from '../source-files.ts';
import type { Statements } from '../statements.ts';
import { asInFile, type FileFit, fitColumns } from './fit-columns.ts';
import { digitChecks, losesDigits, mayBeRounded, surelyNoNumber } from './json-digits.ts';
import { lineFaults } from './line-fault.ts';
import { LineScanner, lineSeparator } from './line-scanner.ts';
import { lookAtText } from './look-at-text.ts';
import { sampleKeys, sampleLines } from './sample-keys.ts';
import { siftText, type TextLayout, textColumns } from './text.ts';

/** A line is one column: what would part it is a character that no JSON text may hold. */
export const lines: TextLayout = {
  columns: ['line'],
  separator: lineSeparator,
  form: 'json',
  dialect: [`delim = '${lineSeparator}'`, "quote = ''", "escape = ''"],
  scanner: () => new LineScanner(),
};

/** Lines of JSON objects as records. */
export async function scanJsonLines(request: ReadRequest): Promise<TextScan> {
  const { session, file, signal } = request;
  const keys = sampleKeys(await sampleLines(file.path));
  const look = await lookAtText(file.path, '', signal);
  // DuckDB gives up at a carriage return that ends no line.
  if (!look.sound || look.returns === 'mixed') return siftLines(request, keys);
  const from = textColumns({ ...file, session }, lines.columns, [...lines.dialect, 'header = false'], look);
  return {
    ...(await scanOf(request, from, keys)),
    row: request.row ?? `${firstRow(file)} + __number`,
    numbered: false,
    taken: { rejected: 0, rules: {} },
    sifted: () => siftLines(request, keys),
  };
}

const numbered = { row: rowColumn, numbered: true, taken: { rejected: 0, rules: {} } };

/**
 * JSON objects as records, wherever they come from.
 * @param from SQL of them: `line` and `__row`
 * @param form what they are among rejects
 */
export async function scanRecords(request: ReadRequest, from: string, form: 'json' | 'values'): Promise<TextScan> {
  const scan = await scanOf(request, from, undefined, [rowColumn], form);
  return { ...scan, form, ...numbered };
}

/**
 * Lines that were taken out of a file.
 * @param from SQL of them: `line` and `__row`
 * @param keys that nearly all of them have
 */
export async function scanLines(request: ReadRequest, from: string, keys: readonly string[]): Promise<TextScan> {
  return { ...(await scanOf(request, from, keys, [rowColumn])), ...numbered };
}

async function siftLines(request: ReadRequest, keys: readonly string[] | undefined): Promise<TextScan> {
  const { from, taken } = await siftText(request, lines);
  return { ...(await scanOf(request, from, keys, [rowColumn])), row: rowColumn, numbered: true, taken };
}

async function scanOf(
  given: ReadRequest,
  from: string,
  keys: readonly string[] | undefined,
  own: readonly string[] = [],
  form: RawForm = 'json',
) {
  const fit = await fitKeys(given, from);
  const request = { ...given, node: asInFile(given.node, fit) };
  const texts = given.node.contract.fields.filter((field) => field.type === 'VARCHAR');
  return {
    fit,
    from: recordsOf(request, from, keys, own),
    columns: [],
    others: {},
    line: '__line',
    broken: { word: '__broken', raw: '__line' },
    checks: digitChecks(texts, '__line', (field) => fit?.sources[field] ?? field),
    sure: texts.map(surelyNoNumber),
    takeBroken: (broken: string, on?: Statements) => takeBroken(request, broken, form, on),
    takesEach: true,
  };
}

/** The keys of all objects together are the columns of the file. They are counted only where the contract asks for it. */
async function fitKeys({ session, ...request }: ReadRequest, from: string): Promise<FileFit | undefined> {
  const { evolution, aliases, fields } = request.node.contract;
  if (!evolution && !aliases) return undefined;
  const keys = `CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN json_keys(line) END`;
  const rows = await session.rows(`SELECT DISTINCT unnest(${keys}) AS name FROM ${from} ORDER BY name`);
  if (rows.length === 0) return undefined;
  const fit = fitColumns(
    request,
    rows.map(({ name }) => ({ name })),
  );
  // A key that no object has is NULL in all of them, without more ado.
  const sources = Object.fromEntries(fields.map(({ name }) => [name, fit.sources[name] ?? name]));
  return { ...fit, sources };
}

/**
 * SQL of what each line holds, and why it holds nothing. Nearly all lines of a file have the same keys: such a line is
 * read in one go, in which DuckDB also sees whether it is JSON, an object, and names no key twice. Only what it refuses
 * is looked at closely, because to ask all that one by one costs four times as much.
 */
function recordsOf(
  { node }: ReadRequest,
  from: string,
  keys: readonly string[] | undefined,
  own: readonly string[],
): string {
  const fields = node.contract.fields.map((field) => field.name);
  const refuses = node.contract.unknownColumns === 'reject';
  const usual = keys && !(refuses && keys.some((key) => !fields.includes(key))) ? keys : undefined;
  // TRY goes through a vector row by row where one fails, so that lines which are cut short are left out first.
  const strict = usual
    ? `CASE WHEN line LIKE '{%}' THEN TRY(json_transform_strict(line, ${structure(usual)})) END`
    : 'NULL';
  const broken = [
    ...(usual ? ['WHEN strict IS NOT NULL THEN NULL'] : []),
    ...lineFaults('line'),
    ...(refuses ? [`WHEN len(${unknownNames('line', fields)}) > 0 THEN 'unknown'`] : []),
  ];
  const close = `CASE WHEN ${usual ? 'strict IS NULL AND ' : ''}__broken IS NULL THEN from_json(line, ${structure(fields)}) END`;
  const read = (name: string) =>
    usual?.includes(name) ? `coalesce(strict.${quoted(name)}, close.${quoted(name)})` : `close.${quoted(name)}`;
  const exactly = node.contract.fields.filter(losesDigits);
  const long = exactly.map(({ name }) => name);
  const rounded = exactly.map((field) => mayBeRounded('line', field, read(field.name)));
  const exact =
    long.length > 0
      ? `CASE WHEN __broken IS NULL AND (${rounded.join(' OR ')}) THEN from_json(${longFractionsAsText('line')}, ${structure(long)}) END`
      : 'NULL';
  const values = fields.map(
    (name) =>
      `${long.includes(name) ? `coalesce(exact.${quoted(name)}, ${read(name)})` : read(name)} AS ${quoted(name)}`,
  );
  const more = own.map((name) => `, ${name}`).join('');
  return (
    `(SELECT ${values.join(', ')}, __broken, line AS __line${more} FROM (SELECT *, ${exact} AS exact FROM (SELECT *, ${close} AS close FROM ` +
    `(SELECT *, CASE ${broken.join(' ')} END AS __broken FROM (SELECT line${more}, ${strict} AS strict FROM ${from})))))`
  );
}

function structure(names: readonly string[]): string {
  return literal(JSON.stringify(Object.fromEntries(names.map((name) => [name, 'VARCHAR']))));
}

function unknownNames(line: string, fields: readonly string[]): string {
  return `list_filter(json_keys(${line}), lambda name : name NOT IN (${fields.map(literal).join(', ')}))`;
}

async function takeBroken(
  { session, rejects, node, file }: ReadRequest,
  from: string,
  form: RawForm,
  on: Statements | undefined,
): Promise<Taken> {
  const fields = node.contract.fields.map((field) => field.name);
  const [unknown] = await (on ?? session).rows(
    `SELECT unnest(${unknownNames('__raw_text', fields)}) AS name FROM ${from} WHERE __broken = 'unknown' ORDER BY name LIMIT 1`,
  );
  if (unknown)
    throw new SchemaMismatchError({
      problem: `${file.key} has a key "${unknown.name}" that the contract of "${node.id}" does not know`,
      received: unknown.name,
      allowed: fields,
      change: 'add it to the contract, or set unknownColumns to "ignore"',
    });
  const check = (rule: string, word: string, message: string): Check => {
    return { rule, column: 'record', bad: `__broken = '${word}'`, value: 'left(__raw_text, 80)', message, ofRow: true };
  };
  const checks = [
    check('record is JSON', 'text', 'is not JSON'),
    check('record is an object', 'kind', 'is not an object'),
    check('keys are unique', 'twins', 'names a key twice'),
  ];
  return rejects.take(node.id, from, checks, { raw: '__raw_text', form }, on);
}
