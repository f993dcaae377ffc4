import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import { InputMalformedError } from '../errors.ts';
import { Session } from '../session.ts';
import { columnTypes, countRejected, type TypedColumn } from './column-types.ts';
import { type InferredValue, nestedValue, typeOfValue } from './nested-value.ts';
import { profileColumns } from './profile-columns.ts';
import { type FileRequest, type LeftColumn, readingFile, readTexts, type Unreadable } from './read-texts.ts';
import { timeFormats } from './time-formats.ts';

/** A column as a contract would have it, by all of its values. */
export interface InferredColumn {
  readonly name: string;
  /** DuckDB type that holds the values without loss, `strange` ones aside. */
  readonly type: string;
  /** Values that are none of the type or format: their rows would be rejected. Absent: none. */
  readonly strange?: number;
  readonly nullable: boolean;
  /** What all of its texts look like. */
  readonly format?: 'email' | 'uuid' | 'ipv4';
  /** strptime formats of its texts, where they are days or times; several where the values leave it open. */
  readonly times?: readonly string[];
  /** True where each value occurs once, and none is missing. */
  readonly unique: boolean;
  /** What is in a list or structure. Absent: it is none. */
  readonly nested?: InferredValue;
  /** Type in the file that no contract has, e.g. a map: it is taken as text. */
  readonly instead?: string;
  readonly profile: ColumnProfile;
}

export interface ColumnProfile {
  readonly values: number;
  readonly missing: number;
  readonly distinct: number;
  /** Smallest and largest value, as text; of texts the lengths. */
  readonly least?: string;
  readonly most?: string;
  /** Most frequent values first, where some occur often. */
  readonly frequent: readonly { readonly value: string; readonly rows: number }[];
}

export interface InferredFile {
  readonly format: Format['kind'];
  /** Of CSV. */
  readonly delimiter?: string;
  /** Those that can be read. */
  readonly rows: number;
  /** True where the header of a CSV file looks like a row. Absent: it does not. */
  readonly unheaded?: true;
  /** Records that a run would reject as they are. Absent: none. */
  readonly unreadable?: Unreadable;
  /** Columns that no contract can have. Absent: it can have all. */
  readonly left?: readonly LeftColumn[];
  readonly columns: readonly InferredColumn[];
  /** Column that tells the rows apart, by its values and its name. */
  readonly key?: string;
}

/** Names that keys have. */
const keyName = /(^|[_\s-])(id|key|code|uuid|guid|nr|no|number)$|[a-z](Id|Key|Code|Uuid|Number)$/i;
const keyType = /^(VARCHAR|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UUID)$/;

/**
 * Finds out what a file holds by reading all of it: types, what may be missing, formats, keys and a profile. Text that
 * is packed with gzip or zstd is unpacked on the way. Throws `InputMalformedError`.
 * @param tolerance share of a column's values that may be none of its type; 0 to 1
 */
export async function inferFile(path: string, format: Format['kind'], tolerance = 0.02): Promise<InferredFile> {
  const workFolder = mkdtempSync(join(tmpdir(), 'penstock-infer-'));
  const session = await Session.open({ folders: [workFolder, dirname(path)], memoryMegabytes: 4096, threads: 2 });
  try {
    const request = { session, path, format, workFolder, tolerance };
    // Of Parquet nothing is read before it is looked at.
    return format === 'parquet' ? await readingFile(path, format, () => inferRows(request)) : await inferRows(request);
  } catch (error) {
    throw error instanceof InputMalformedError ? asAsked(error) : error;
  } finally {
    session.close();
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function inferRows(request: FileRequest): Promise<InferredFile> {
  const { session, path, format, tolerance } = request;
  const texts = await readTexts(request);
  const types = await withTimes(
    session,
    texts.table,
    await withNested(session, texts.table, await columnTypes(session, texts, tolerance)),
    tolerance,
  );
  const { rows, profiles } = await profileColumns(session, { table: texts.table, isText: format !== 'parquet' }, types);
  const columns = types.map(({ name, type, format, times, instead, nested, strange }, index): InferredColumn => {
    const profile = profiles[index]!;
    return {
      name,
      type,
      nullable: profile.missing > 0,
      ...(format && { format }),
      ...(times && { times }),
      ...(strange && { strange }),
      unique: rows > 1 && profile.missing === 0 && profile.distinct === rows,
      ...(instead && { instead }),
      ...(nested && { nested }),
      profile,
    };
  });
  const keys = columns.filter(({ unique, type, instead }) => unique && keyType.test(type) && !instead);
  const key = keys.find(({ name }) => keyName.test(name)) ?? keys.find(({ name }) => name === columns[0]?.name);
  const { delimiter, unheaded, unreadable, left } = texts;
  if (rows === 0 && unreadable) throw nothingReadable(path, unreadable);
  return {
    format,
    ...(delimiter && { delimiter }),
    rows,
    ...(unheaded && { unheaded }),
    ...(unreadable && { unreadable }),
    ...(left && { left }),
    columns,
    ...(key && { key: key.name }),
  };
}

/** Columns of text get the formats that they have as times. */
async function withTimes(
  session: Session,
  table: string,
  columns: readonly TypedColumn[],
  tolerance: number,
): Promise<TypedColumn[]> {
  const texts = columns.filter(
    ({ type, format, instead, nested }) => type === 'VARCHAR' && !format && !instead && !nested,
  );
  if (texts.length === 0) return [...columns];
  const found = await timeFormats(
    session,
    table,
    texts.map(({ column }) => column),
    tolerance,
  );
  return columns.map((column) => {
    const times = found[texts.indexOf(column)] ?? [];
    return times.length > 0 ? { ...column, times } : column;
  });
}

/** Columns of lists and structures get the type of what is in them. */
async function withNested(session: Session, table: string, columns: readonly TypedColumn[]): Promise<TypedColumn[]> {
  const found: TypedColumn[] = [];
  for (const column of columns) {
    const { instead, ...own } = column;
    const kind = instead === 'a list' ? 'ARRAY' : instead === 'an object' ? 'OBJECT' : undefined;
    const value = kind ? `CASE WHEN ${isOfKind(own.column, kind)} THEN ${own.column}::JSON END` : own.column;
    const from = `(SELECT ${value} AS v FROM ${table} WHERE ${kind ? `${own.column} IS NULL OR ${isOfKind(own.column, kind)}` : 'true'})`;
    const nested = instead && (await nestedValue(session, from, kind ? 'JSON' : instead));
    if (!nested || 'type' in nested) {
      found.push(column);
      continue;
    }
    const type = typeOfValue(nested);
    const [strange = 0] = kind
      ? await session.counts(`SELECT count(*) FROM ${table} WHERE NOT ${isOfKind(own.column, kind)}`)
      : [await countRejected(session, table, { column: own.column, type: instead }, type)];
    found.push({ ...own, type, nested, ...(strange > 0 && { strange }) });
  }
  return found;
}

/** SQL that tells whether a text is a JSON value of this kind; NULL where there is none. */
function isOfKind(column: string, kind: 'ARRAY' | 'OBJECT'): string {
  return `(CASE WHEN ${column} IS NULL THEN NULL WHEN json_valid(${column}) THEN json_type(${column}) = '${kind}' ELSE false END)`;
}

/** Of a file that no run has come to: nothing waits for it to be sent again. */
function asAsked({ problem, received, allowed }: InputMalformedError): InputMalformedError {
  const change = 'mend the file, or set its format with --format: csv, ndjson, json (one array of objects) or parquet';
  return new InputMalformedError({ problem, received, allowed, change });
}

function nothingReadable(path: string, { records, first }: Unreadable): InputMalformedError {
  return new InputMalformedError({
    problem: `${path} holds no record that can be read`,
    received: `${records} that cannot; record ${first.record} ${first.problem}`,
    allowed: 'at least one record that a run can read',
    change: 'mend the file, or set its format with --format',
  });
}
