import { dirname } from 'node:path';
import type { TableColumn } from '../component/field-id.ts';
import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { rowsOfFiles } from './quality/rows-of-files.ts';
import { Session } from './session.ts';
import { serializedTree } from './syntax-tree.ts';

/** A query over curated tables is not one, or failed. */
export class QueryInvalidError extends TerminalError {
  override readonly name = 'QueryInvalidError';
  readonly code = 'QUERY_INVALID';
}

/** A table as it stands in one published version. */
export interface QueryTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Parquet files on this machine. */
  readonly files: readonly string[];
  /** The columns with the ids that files are read by. Absent: all files name them as the table does. */
  readonly byId?: readonly TableColumn[];
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON; integers beyond 32 bits and decimals as text, so that none is rounded. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Runs one SELECT over tables. Nothing else on the machine can be read, and nothing written. */
export async function queryTables(
  sql: string,
  tables: readonly QueryTable[],
  workFolder: string,
): Promise<QueryResult> {
  const folders = [workFolder, ...new Set(tables.flatMap((table) => table.files.map((file) => dirname(file))))];
  const session = await Session.open({ folders, memoryMegabytes: 4096, threads: 2 });
  try {
    for (const { name, files, columns, byId } of tables) {
      const none = columns.map((column) => `NULL::${column.type} AS ${quoted(column.name)}`).join(', ');
      const source =
        files.length > 0 ? `FROM ${rowsOfFiles(files, { differ: true, columns: byId })}` : `SELECT ${none} WHERE false`;
      await session.run(`CREATE VIEW ${quoted(name)} AS ${source}`);
    }
    await refuseOthers(session, sql);
    const types = await session.columns(`(${sql}\n)`);
    const { names, rows } = await session.lists(sql);
    const columns = oneOfEach(names).map((name, index) => ({ name, type: types[index]!.type }));
    return { columns, rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))) };
  } catch (cause) {
    if (cause instanceof QueryInvalidError) throw cause;
    throw queryFailed(sql, tables, cause as Error);
  } finally {
    session.close();
  }
}

/** A query may name columns alike (`SELECT a.id, b.id`): the later ones get a number, so that a row holds them all. */
function oneOfEach(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  return names.map((name, index) => {
    if (names.indexOf(name) === index) return name;
    let number = 1;
    while (taken.has(`${name}_${number}`)) number++;
    taken.add(`${name}_${number}`);
    return `${name}_${number}`;
  });
}

/** DuckDB says what is wrong, then what it might be instead, then shows the line as we sent it, which is not the user's. */
function queryFailed(sql: string, tables: readonly QueryTable[], cause: Error): QueryInvalidError {
  const [said = '', ...hints] = cause.message.split(/\n\s*\n|\nLINE /)[0]!.split('\n');
  const names = tables.map((table) => table.name).join(', ');
  return new QueryInvalidError({
    problem: `the query failed: ${said.replace(/^\w+ Error: /, '').replace(/[.!\s]+$/, '')}`,
    received: sql,
    allowed: names ? `a SELECT over ${names}` : 'nothing yet: no table was published',
    change: changeFrom(hints),
    cause,
  });
}

function changeFrom(hints: readonly string[]): string {
  // Tables that are DuckDB's own are no help to anybody.
  const hint = hints
    .filter((one) => !/"(pg_|duckdb_|sqlite_|information_schema)/.test(one))
    .join(' ')
    .trim();
  return hint.replace(/^Did you/, 'did you').replace(/^Candidate bindings:/, 'take one of') || 'correct the query';
}

/** Only a SELECT can be put into a tree; COPY, SET and several statements cannot. */
async function refuseOthers(session: Session, sql: string): Promise<void> {
  const tree = JSON.parse(await serializedTree(session, sql));
  if (!tree.error && tree.statements.length === 1) return;
  throw new QueryInvalidError({
    problem: `that is not one SELECT${tree.error_type === 'parser' ? `: ${tree.error_message}` : ''}`,
    received: sql,
    allowed: 'one SELECT statement',
    change:
      'write a SELECT, without a semicolon in the middle; names that are words of SQL (order, at) in double quotes',
  });
}
