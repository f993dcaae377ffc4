import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import { literal, quoted } from '../../component/shape.ts';
import { InputMalformedError } from '../errors.ts';
import { csvHeader } from '../read/csv-header.ts';
import { splitJsonArray } from '../read/json-array.ts';
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
}

interface FileRequest {
  readonly session: Session;
  readonly path: string;
  readonly format: Format['kind'];
  readonly workFolder: string;
  /** Share of a column's values that may be of another kind. */
  readonly tolerance: number;
}

const table = 'inferred';
const delimiters = [',', ';', '\t', '|'];

/** Brings a file before DuckDB, text as text. Records that cannot be read are left out. */
export function readTexts(request: FileRequest): Promise<Texts> {
  const { path, format } = request;
  const file = { path, key: path, of: 'file', file: 0 };
  return reading({ file, format: { kind: format } as Format }, async () => {
    if (format === 'parquet') return readParquet(request);
    const plain = await unpacked(path, join(request.workFolder, 'plain'), path);
    if (format === 'csv') return readCsv(request, plain);
    if (format === 'ndjson') return readLines(request, plain);
    const lines = join(request.workFolder, 'lines');
    await splitJsonArray(plain, lines, path);
    return readLines(request, lines);
  });
}

async function readParquet({ session, path }: FileRequest): Promise<Texts> {
  await session.run(`CREATE VIEW ${table}_file AS FROM read_parquet(${literal(path)})`);
  const found = await session.columns(`FROM ${table}_file`);
  const columns = found.map(({ name, type }, index) => ({ name, type, column: `c${index}` }));
  return select(session, `${table}_file`, columns);
}

async function readCsv({ session, path }: FileRequest, plain: string): Promise<Texts> {
  const dialect = (delimiter: string) => ({ kind: 'csv', delimiter, quote: '"', header: true }) as const;
  const headers = await Promise.all(delimiters.map((one) => csvHeader(plain, path, dialect(one))));
  const most = Math.max(...headers.map((header) => header?.length ?? 0));
  if (most === 0) throw nothingIn(path);
  const index = headers.findIndex((header) => header?.length === most);
  const delimiter = delimiters[index]!;
  const names = headers[index]!;
  const types = names.map((_, position) => `c${position}: 'VARCHAR'`).join(', ');
  const options = `delim = ${literal(delimiter)}, quote = '"', escape = '"', header = true, auto_detect = false`;
  await session.run(
    `CREATE TABLE ${table} AS FROM read_csv(${literal(plain)}, columns = {${types}}, ${options}, ignore_errors = true, null_padding = false)`,
  );
  return {
    table,
    delimiter,
    columns: names.map((name, position) => ({ name, column: `c${position}`, type: 'VARCHAR' })),
  };
}

async function readLines({ session, path, tolerance }: FileRequest, lines: string): Promise<Texts> {
  await session.run(
    `CREATE TABLE ${table}_lines AS SELECT json FROM read_ndjson_objects(${literal(lines)}, ignore_errors = true, maximum_object_size = 16777216) WHERE json_type(json) = 'OBJECT'`,
  );
  const rows = await session.rows(
    `SELECT key, json_type(value) AS kind, count(*) AS n, min(line * 100000 + place) AS place FROM (SELECT rowid AS line, unnest(json_keys(json)) AS key, generate_subscripts(json_keys(json), 1) AS place, json FROM ${table}_lines), ` +
      "LATERAL (SELECT json_extract(json, '/' || replace(replace(key, '~', '~0'), '/', '~1')) AS value) GROUP BY key, kind ORDER BY place, key",
  );
  if (rows.length === 0) throw (await stat(lines)).size === 0 ? nothingIn(path) : noObjectIn(path);
  const names = [...new Set(rows.map(({ key }) => String(key)))];
  const pointer = (name: string) => literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const values = names.map((name, index) => `json_extract_string(json, ${pointer(name)}) AS c${index}`);
  await session.run(`CREATE TABLE ${table} AS SELECT ${values.join(', ')} FROM ${table}_lines`);
  const columns = names.map((name, index) => {
    const own = rows.filter(({ key, kind }) => key === name && kind !== null && kind !== 'NULL');
    const all = own.reduce((sum, { n }) => sum + Number(n), 0);
    const kinds = own.filter(({ n }) => Number(n) > all * tolerance).map(({ kind }) => String(kind));
    return { name, column: `c${index}`, type: 'VARCHAR', kinds };
  });
  return { table, columns };
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

function noObjectIn(path: string): InputMalformedError {
  return new InputMalformedError({
    problem: `${path} holds no record`,
    received: 'text, but no line or element of it is a JSON object',
    allowed: 'one object on each line, or one array of objects',
    change: 'take the list of records out of what it lies in, e.g. the "features" of a GeoJSON document',
  });
}
