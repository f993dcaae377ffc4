import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { SchemaMismatchError } from '../errors.ts';
import { anyBad, type Check } from '../rejects.ts';
import { rowColumn } from '../relation.ts';
import { type ReadFile, type ReadRequest, reading } from '../source-files.ts';
import { splitJsonArray } from './json-array.ts';
import { LineScanner } from './line-scanner.ts';
import { readText, type TextLayout } from './text.ts';
import { unpacked } from './unpack.ts';

/** Each line is a record; blank lines are none. */
export function readNdjson(request: ReadRequest): Promise<ReadFile> {
  return reading(request, async () => readLines(request, await plainFile(request)));
}

/** The array is cut into one line per element first: one bad element must not cost the others. */
export function readJson(request: ReadRequest): Promise<ReadFile> {
  return reading(request, async () => {
    const lines = join(request.workFolder, request.session.newName('elements'));
    await splitJsonArray(await plainFile(request), lines, request.file.key);
    return readLines(request, lines);
  });
}

function plainFile({ file, workFolder, session, signal }: ReadRequest): Promise<string> {
  return unpacked(file.path, join(workFolder, session.newName('unpacked')), file.key, signal);
}

/** A character that no JSON text may hold serves as delimiter, so that a line stays whole. */
const lines: TextLayout = {
  columns: ['line'],
  separator: '\x01',
  quote: '',
  header: false,
  form: 'json',
  dialect: ["delim = '\x01'", "quote = ''", "escape = ''"],
  scanner: () => new LineScanner(),
};

async function readLines(request: ReadRequest, path: string): Promise<ReadFile> {
  const { session, node, rejects, name, file } = request;
  const all = session.newName('lines');
  const read = await readText({ ...request, name: all, file: { ...file, path } }, lines);
  const filled = `(SELECT * FROM ${all} WHERE trim(line, ' \t\r') <> '')`;
  // A malformed line must not reach the JSON functions that throw.
  const type = "CASE WHEN json_valid(line) THEN json_type(line) ELSE '' END";
  const [records, objects] = await session.counts(
    `SELECT count(*), count(*) FILTER (${type} = 'OBJECT') FROM ${filled}`,
  );
  const keyLists = session.newName('key_lists');
  await session.run(
    `CREATE TABLE ${keyLists} AS SELECT DISTINCT json_keys(line) AS names FROM ${filled} WHERE ${type} = 'OBJECT'`,
  );
  await refuseUnknown(request, keyLists);
  const [twins] = await session.counts(`SELECT count(*) FROM ${keyLists} WHERE len(names) <> list_unique(names)`);
  const check = (rule: string, bad: string, message: string) => {
    return { rule, column: 'record', bad, value: 'left(line, 80)', message };
  };
  const twinNames = `json_keys(line) IN (SELECT names FROM ${keyLists} WHERE len(names) <> list_unique(names))`;
  const checks = [
    check('record is JSON', `${type} = ''`, 'is not JSON'),
    check('record is an object', `${type} NOT IN ('', 'OBJECT')`, 'is not an object'),
    ...(twins! > 0
      ? [check('keys are unique', `CASE WHEN ${type} = 'OBJECT' THEN ${twinNames} END`, 'names a key twice')]
      : []),
  ];
  const whole = records === objects && twins === 0;
  const bad = await rejects.take(node.id, filled, whole ? [] : checks, { raw: 'line', form: 'json' });

  const fields = node.contract.fields.map((field) => field.name);
  const structure = literal(JSON.stringify(Object.fromEntries(fields.map((field) => [field, 'VARCHAR']))));
  const good = whole ? '' : ` WHERE NOT (${anyBad(checks)})`;
  await session.run(
    `CREATE TABLE ${name} AS SELECT ${fields.map((field) => `record.${quoted(field)} AS ${quoted(field)}`).join(', ')}, __raw, ${rowColumn} ` +
      `FROM (SELECT from_json(line, ${structure}) AS record, line AS __raw, ${rowColumn} FROM ${filled}${good})`,
  );
  return {
    types: Object.fromEntries(fields.map((field) => [field, 'VARCHAR'])),
    records: records! + read.rejected,
    rejected: read.rejected + bad.rejected,
    rules: { ...read.rules, ...bad.rules },
    raw: '__raw',
    checks: await digitChecks(request),
  };
}

/**
 * A number with more digits than a DOUBLE holds reaches a text field rounded: DuckDB's JSON reader keeps none of them.
 * Such a row is bad. Nearly no file has such numbers, so that is asked first.
 */
async function digitChecks({ session, node, name }: ReadRequest): Promise<Check[]> {
  const [suspects] = await session.counts(
    `SELECT count(*) FROM ${name} WHERE regexp_matches(__raw, '[0-9][0-9.]{16,}')`,
  );
  if (suspects === 0) return [];
  const texts = node.contract.fields.filter((field) => field.type === 'VARCHAR');
  return texts.map(({ name: field }): Check => {
    const column = quoted(field);
    const type = `json_type(__raw, ${literal(`/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
    const verbatim = [',', '}', ' '].map((end) => `contains(__raw, ${column} || '${end}')`).join(' OR ');
    const long = `regexp_matches(${column}, '[0-9.]{16,}')`;
    return {
      rule: `${field} keeps its digits`,
      column: field,
      bad: `(${type} = 'DOUBLE' OR (${type} IN ('ARRAY', 'OBJECT') AND ${long})) AND NOT (${verbatim})`,
      value: column,
      message: 'is what would be left of a longer number',
    };
  });
}

/** Stops the run where the contract refuses keys that it does not know and a record has one. */
async function refuseUnknown({ session, node, file }: ReadRequest, keyLists: string): Promise<void> {
  if (node.contract.unknownColumns === 'ignore') return;
  const known = node.contract.fields.map((field) => field.name);
  const [unknown] = await session.rows(
    `SELECT name FROM (SELECT DISTINCT unnest(names) AS name FROM ${keyLists}) WHERE name NOT IN (${known.map(literal).join(', ')}) ORDER BY name LIMIT 1`,
  );
  if (!unknown) return;
  throw new SchemaMismatchError({
    problem: `${file.key} has a key "${unknown.name}" that the contract of "${node.id}" does not know`,
    received: unknown.name,
    allowed: known,
    change: 'add it to the contract, or set unknownColumns to "ignore"',
  });
}
