import { dirname } from 'node:path';
import { withheld } from '../component/restricted-columns.ts';
import { literal } from '../component/shape.ts';
import { createRejects, filterSql, type RejectFilter } from './reject-table.ts';
import { Session } from './session.ts';

const mark = literal(JSON.stringify(withheld));

/** SQL that is true for the text of a JSON object. */
function isObject(text: string): string {
  return `(CASE WHEN json_valid(${text}) THEN json_type(${text}) = 'OBJECT' ELSE false END)`;
}

/** SQL of a member of a JSON object, as it is written there. */
function member(text: string, key: string): string {
  return `json_extract(${text}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1'))::VARCHAR`;
}

/** SQL of a JSON object with the members of another one, in their order. */
function rewritten(text: string, value: (key: string) => string): string {
  return `'{' || array_to_string(list_transform(json_keys(${text}), lambda k: to_json(k)::VARCHAR || ':' || ${value('k')}), ',') || '}'`;
}

/** Names of columns as lists, for `list_contains`. */
function names(open: string): string {
  return `from_json(${open}, '["VARCHAR"]')`;
}

/**
 * SQL of what people are shown of a record: all of it where nothing is restricted, else the members that are open, and of
 * what has no members nothing.
 * @param text column with the record
 * @param open column with the names of the columns that are open, as a JSON list; NULL where nothing is restricted
 */
export function shownSql(text: string, open: string): string {
  const shown = `CASE WHEN list_contains(${names(open)}, k) THEN ${member(text, 'k')} ELSE ${mark} END`;
  return `CASE WHEN ${open} IS NULL OR ${text} IS NULL THEN ${text} WHEN ${isObject(text)} THEN ${rewritten(text, () => shown)} ELSE ${literal(withheld)} END`;
}

/**
 * SQL of a corrected record: whatever was withheld from the one who corrected it is as it was.
 * @param text column with the correction
 * @param record column with the record itself
 */
export function unveiledSql(text: string, record: string, open: string): string {
  const left = `CASE WHEN ${member(text, 'k')} = ${mark} AND NOT list_contains(${names(open)}, k) THEN coalesce(${member(record, 'k')}, 'null') ELSE ${member(text, 'k')} END`;
  return (
    `CASE WHEN ${open} IS NULL THEN ${text} WHEN ${text} = ${literal(withheld)} THEN ${record} ` +
    `WHEN ${isObject(text)} AND ${isObject(record)} THEN ${rewritten(text, () => left)} ELSE ${text} END`
  );
}

/** SQL of the columns of rejects that people are shown. */
export const shownColumns = `* EXCLUDE (run, meets, open_raw, open_seen) REPLACE (${shownSql('raw', 'open_raw')} AS raw, ${shownSql('seen', 'open_seen')} AS seen)`;

export interface ShownRejectsRequest {
  /** Files of rejects on this machine. */
  readonly files: readonly string[];
  readonly filter: RejectFilter;
  /** Rows in all, some of each rule. */
  readonly limit: number;
  readonly workFolder: string;
}

export interface ShownRejects {
  /** How many rows by stage, node, rule, severity and column, whatever the filter. */
  readonly counts: readonly Readonly<Record<string, any>>[];
  /** Values of restricted columns stand in none of them. */
  readonly rows: readonly Readonly<Record<string, any>>[];
}

/** Rejects as people are shown them. */
export async function shownRejects({ files, filter, limit, workFolder }: ShownRejectsRequest): Promise<ShownRejects> {
  const folders = [workFolder, ...new Set(files.map((file) => dirname(file)))];
  const session = await Session.open({ folders, memoryMegabytes: 4096, threads: 2 });
  try {
    await createRejects(session, [{ run: '', files }]);
    const counts = await session.rows(
      'SELECT stage, node, rule, severity, "column", count(*) AS "rows" FROM rejects GROUP BY ALL ORDER BY "rows" DESC, node, rule',
    );
    const place = 'row_number() OVER (PARTITION BY node, rule ORDER BY file, "row")';
    const some = `SELECT *, ${place} AS place FROM rejects WHERE ${filterSql(filter)} ORDER BY place, file, "row" LIMIT ${limit}`;
    const rows = await session.rows(
      `SELECT ${shownColumns} FROM (SELECT * EXCLUDE (place) FROM (${some})) ORDER BY file, "row", node`,
    );
    return { counts, rows };
  } finally {
    session.close();
  }
}
