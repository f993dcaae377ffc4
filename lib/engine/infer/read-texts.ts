import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import { longFractionsAsText, mayHoldLongNumber } from '../../component/exact-json.ts';
import { literal, quoted } from '../../component/shape.ts';
import { InputMalformedError } from '../errors.ts';
import { csvDialect } from '../read/csv.ts';
import { csvHeader, unnamed } from '../read/csv-header.ts';
import { CsvScanner } from '../read/csv-scanner.ts';
import { splitJsonArray } from '../read/json-array.ts';
import { lines } from '../read/json-lines.ts';
import { lineFaults } from '../read/line-fault.ts';
import { unfaithfulColumns } from '../read/parquet-columns.ts';
import { refuseTwins } from '../read/refuse-twins.ts';
import { sift } from '../read/sift.ts';
import { goodRecords, type TextLayout } from '../read/text.ts';
import { unpacked } from '../read/unpack.ts';
import type { Session } from '../session.ts';
import { reading } from '../source-files.ts';

/** A column of a file before anybody has looked at its values. */
export interface RawColumn {
  readonly name: string;
  /** Column of the table that holds its values. */
  readonly column: string;
  /** DuckDB type; VARCHAR for the text formats. */
  readonly type: string;
  /** Of JSON: kinds of value, as DuckDB calls them. */
  readonly kinds?: readonly string[];
}

export interface Texts {
  /** View or table with a column for each. */
  readonly table: string;
  readonly columns: readonly RawColumn[];
  /** Of CSV. */
  readonly delimiter?: string;
  /** True where the header of a CSV file looks like a row. Absent: it does not. */
  readonly unheaded?: true;
  /** Absent: every record can be read. */
  readonly unreadable?: Unreadable;
  /** Columns that no contract can have. Absent: it can have all. */
  readonly left?: readonly LeftColumn[];
}

/** A column that no contract can have, and why, e.g. `its name is kept for Penstock`. */
export interface LeftColumn {
  readonly name: string;
  readonly why: string;
}

/** A name that no column has. */
const likeValue = /^[+-]?[0-9][0-9.,:T/ -]*$/;

/** Records that a run would reject before it looks at their columns. */
export interface Unreadable {
  readonly records: number;
  /** The first of them, and what is wrong with it, e.g. `has 2 fields, not 3`. */
  readonly first: { readonly record: number; readonly problem: string };
}

export interface FileRequest {
  readonly session: Session;
  readonly path: string;
  readonly format: Format['kind'];
  readonly workFolder: string;
  /** Share of a column's values that may be of another kind. */
  readonly tolerance: number;
}

const table = 'inferred';
const delimiters = [',', ';', '\t', '|'];

/** Brings a file before DuckDB, text as text. Records that a run could not read are left out and counted. */
export function readTexts(request: FileRequest): Promise<Texts> {
  const { path, format } = request;
  return readingFile(path, format, async () => {
    if (format === 'parquet') return readParquet(request);
    const plain = await unpacked(path, join(request.workFolder, 'plain'), path);
    if (format === 'csv') return readCsv(request, plain);
    if (format === 'ndjson') return readLines(request, plain);
    const lines = join(request.workFolder, 'lines');
    await splitJsonArray(plain, lines, path);
    return readLines(request, lines);
  });
}

/** What DuckDB says about the bytes of the file becomes an `InputMalformedError`. */
export function readingFile<T>(path: string, format: Format['kind'], read: () => Promise<T>): Promise<T> {
  const file = { path, key: path, of: 'file', file: 0 };
  return reading({ file, format: { kind: format } as Format }, read);
}

async function readParquet({ session, path }: FileRequest): Promise<Texts> {
  await session.run(`CREATE VIEW ${table}_file AS FROM read_parquet(${literal(path)})`);
  const found = await session.columns(`FROM ${table}_file`);
  const { twins, longDecimals } = await unfaithfulColumns(session, path, found);
  if (twins.length > 0) refuseTwins([twins[0]!, twins[0]!], path);
  const { named, left } = withoutUnnameable(found, ({ name }) => {
    const long = longDecimals.get(name);
    return long && `holds ${long}, and no type has room for more than 38 digits`;
  });
  const columns = named.map(({ name, type }, index) => ({ name, type, column: `c${index}` }));
  if (columns.length === 0) throw noColumnIn(path, left);
  return { ...(await select(session, `${table}_file`, columns)), ...(left.length > 0 && { left }) };
}

async function readCsv(request: FileRequest, plain: string): Promise<Texts> {
  const { session, path } = request;
  const dialect = (delimiter: string) => ({ kind: 'csv', delimiter, quote: '"', header: true }) as const;
  const headers = await Promise.all(delimiters.map((one) => csvHeader(plain, path, dialect(one))));
  const most = Math.max(...headers.map((header) => header?.length ?? 0));
  if (most === 0) throw nothingIn(path);
  const index = headers.findIndex((header) => header?.length === most);
  const delimiter = delimiters[index]!;
  const names = headers[index]!;
  refuseTwins(names, path);
  const columns = names.map((name, position) => ({ name, column: `c${position}`, type: 'VARCHAR' }));
  // Nobody can ask for a column without a name, and no contract can have it.
  const { named, left } = withoutUnnameable(columns.filter(({ name }) => !name.startsWith(unnamed)));
  if (named.length === 0) throw noColumnIn(path, left);
  const unheaded = named.length > 0 && named.every(({ name }) => likeValue.test(name));
  const good = await sifted(request, plain, {
    columns: columns.map(({ column }) => column),
    separator: delimiter,
    dialect: csvDialect(dialect(delimiter)),
    scanner: () => new CsvScanner(dialect(delimiter), names.length),
  });
  await session.run(
    `CREATE TABLE ${table} AS SELECT ${named.map(({ column }, index) => `${column} AS c${index}`).join(', ')} FROM ${good.from}`,
  );
  const kept = named.map((one, index) => ({ ...one, column: `c${index}` }));
  return {
    table,
    delimiter,
    columns: kept,
    ...(unheaded && { unheaded }),
    ...unreadableIn(good.bad),
    ...(left.length > 0 && { left }),
  };
}

const lineProblems: Readonly<Record<string, string>> = {
  text: 'is not JSON',
  kind: 'is not an object',
  twins: 'names a key twice',
};

async function readLines(request: FileRequest, file: string): Promise<Texts> {
  const { session, path, tolerance } = request;
  const { from, bad } = await sifted(request, file, lines);
  await session.run(
    `CREATE TABLE ${table}_all AS SELECT __record::BIGINT AS record, line, CASE ${lineFaults('line').join(' ')} END AS fault FROM ${from}`,
  );
  const faulty = await session.rows(
    `SELECT count(*) AS n, min(record) AS record, arg_min(fault, record) AS fault FROM ${table}_all WHERE fault <> ''`,
  );
  const [{ n, record, fault }] = faulty as [Record<string, unknown>];
  if (Number(n) > 0)
    bad.push({ records: Number(n), first: { record: Number(record), problem: lineProblems[String(fault)]! } });
  const exact = `CASE WHEN ${mayHoldLongNumber('line')} THEN ${longFractionsAsText('line')} ELSE line END`;
  await session.run(
    `CREATE TABLE ${table}_lines AS SELECT line::JSON AS json, (${exact})::JSON AS exact FROM ${table}_all WHERE fault IS NULL ORDER BY record`,
  );
  const rows = await session.rows(
    `SELECT key, json_type(value) AS kind, count(*) AS n, min(line * 100000 + place) AS place FROM (SELECT rowid AS line, unnest(json_keys(json)) AS key, generate_subscripts(json_keys(json), 1) AS place, json FROM ${table}_lines), ` +
      "LATERAL (SELECT json_extract(json, '/' || replace(replace(key, '~', '~0'), '/', '~1')) AS value) GROUP BY key, kind ORDER BY place, key",
  );
  if (rows.length === 0) throw (await stat(file)).size === 0 ? nothingIn(path) : noObjectIn(path);
  // Nobody can ask for a column without a name, and no contract can have it.
  const keys = [...new Set(rows.map(({ key }) => String(key)))].filter((name) => name !== '');
  const { named, left } = withoutUnnameable(keys.map((name) => ({ name })));
  if (named.length === 0) throw noColumnIn(path, left);
  refuseTwins(
    named.map(({ name }) => name),
    path,
    { keys: true },
  );
  const columns = named.map(({ name }, index) => {
    const own = rows.filter(({ key, kind }) => key === name && kind !== null && kind !== 'NULL');
    const all = own.reduce((sum, { n }) => sum + Number(n), 0);
    const kinds = own.filter(({ n }) => Number(n) > all * tolerance).map(({ kind }) => String(kind));
    return { name, column: `c${index}`, type: 'VARCHAR', kinds };
  });
  const values = columns.map(({ name, column, kinds }) => {
    const pointer = literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    return `json_extract_string(${isNestedKind(kinds) ? 'json' : 'exact'}, ${pointer}) AS ${column}`;
  });
  await session.run(`CREATE TABLE ${table} AS SELECT ${values.join(', ')} FROM ${table}_lines`);
  return { table, columns, ...unreadableIn(bad), ...(left.length > 0 && { left }) };
}

/** Takes out the columns that no contract can have, and says why. */
function withoutUnnameable<Column extends { readonly name: string }>(
  columns: readonly Column[],
  why: (column: Column) => string | undefined = () => undefined,
): { readonly named: Column[]; readonly left: LeftColumn[] } {
  const named: Column[] = [];
  const left: LeftColumn[] = [];
  for (const column of columns) {
    const reason = nameProblem(column.name) ?? why(column);
    if (reason === undefined) named.push(column);
    else left.push({ name: column.name, why: reason });
  }
  return { named, left };
}

function nameProblem(name: string): string | undefined {
  if (name.startsWith('__')) return 'has a name that is kept for Penstock';
  return name.includes('\0') ? 'has a NUL in its name' : undefined;
}

/** True for kinds of which one is that of a list or an object. */
function isNestedKind(kinds: readonly string[]): boolean {
  return kinds.includes('ARRAY') || kinds.includes('OBJECT');
}

/** The records that a run takes for records: SQL of the good ones with their number, and what was found of bad ones. */
async function sifted(
  { session, workFolder }: FileRequest,
  file: string,
  { columns, dialect, separator, scanner }: Omit<TextLayout, 'form'>,
): Promise<{ readonly from: string; readonly bad: Unreadable[] }> {
  const [good, bad] = [join(workFolder, 'good'), join(workFolder, 'bad.ndjson')];
  await sift({ from: file, good, bad, separator, scanner: scanner() });
  const found = await session.rows(
    `SELECT count(*) AS n, min(record) AS record, arg_min(problem, record) AS problem FROM read_ndjson(${literal(bad)}, columns = {'record': 'BIGINT', 'problem': 'VARCHAR'})`,
  );
  const [{ n, record, problem }] = found as [Record<string, unknown>];
  return {
    from: goodRecords(good, columns, dialect),
    bad: Number(n) > 0 ? [{ records: Number(n), first: { record: Number(record), problem: String(problem) } }] : [],
  };
}

function unreadableIn(found: readonly Unreadable[]): Pick<Texts, 'unreadable'> {
  if (found.length === 0) return {};
  const [first] = found.map((one) => one.first).sort((a, b) => a.record - b.record);
  return { unreadable: { records: found.reduce((sum, { records }) => sum + records, 0), first: first! } };
}

async function select(session: Session, from: string, columns: readonly RawColumn[]): Promise<Texts> {
  const list = columns.map(({ name, column }) => `${quoted(name)} AS ${column}`).join(', ');
  await session.run(`CREATE VIEW ${table} AS SELECT ${list} FROM ${from}`);
  return { table, columns };
}

function nothingIn(path: string): InputMalformedError {
  return new InputMalformedError({
    problem: `${path} holds no record`,
    received: 'nothing',
    allowed: 'a file with at least one record',
    change: 'infer from a file with rows in it',
  });
}

function noColumnIn(path: string, left: readonly LeftColumn[]): InputMalformedError {
  return new InputMalformedError({
    problem: `${path} holds no column that a contract can have`,
    received: left.map(({ name, why }) => `"${name}" ${why}`).join('; ') || 'columns without names',
    allowed: 'at least one column with a name, which does not begin with "__" and holds no NUL',
    change: 'name the columns otherwise in the file',
  });
}

function noObjectIn(path: string): InputMalformedError {
  return new InputMalformedError({
    problem: `${path} holds no record`,
    received: 'text, but no line or element of it is a JSON object with a key',
    allowed: 'one object on each line, or one array of objects',
    change: 'take the list of records out of what it lies in, e.g. the "features" of a GeoJSON document',
  });
}
