import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import { boundedConditions, boundsOfFiles } from './bounded-conditions.ts';
import type { KeyBounds } from './overlapping-files.ts';
import { Session } from './session.ts';
import { deserializedTree, serializedTree } from './syntax-tree.ts';

/** A table with the values that name the folders of its files. */
export interface PartitionedTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
  readonly files: readonly {
    readonly partitionValues: Readonly<Record<string, string | null>>;
    /** By column; of one that is not here nothing is known. Absent: of none. */
    readonly bounds?: Readonly<Record<string, KeyBounds>>;
  }[];
}

type Tree = Readonly<Record<string, any>>;

const valuesTable = '__partitions';
const boundsTable = '__bounds';
const position = '__position';

/**
 * Positions of the files of a table that one SELECT can find rows in. Of its WHERE those conditions count that name
 * nothing but partition columns, as all rows of a file have the same values there, and those that hold a column against
 * a value, which the bounds of files answer. Undefined where nothing can be said: the query reads more than this table,
 * or is none.
 */
export async function prunedFiles(
  sql: string,
  table: PartitionedTable,
  workFolder: string,
): Promise<readonly number[] | undefined> {
  const bounded = table.files.some(({ bounds }) => bounds !== undefined);
  if ((table.partitionBy.length === 0 && !bounded) || table.files.length === 0) return undefined;
  const session = await Session.open({ folders: [workFolder], memoryMegabytes: 512, threads: 1 });
  try {
    const select = await selectOf(session, sql, table.name);
    const conditions = select?.where_clause ? conjuncts(select.where_clause) : [];
    const consistent = await consistentFunctions(session);
    const telling = conditions.filter((one) => tellsPartition(one, table.partitionBy, consistent));
    const byPartition = telling.length === 0 ? undefined : await answering(session, table, telling);
    const byBounds = bounded ? await withinBounds(session, table, conditions) : undefined;
    if (!byPartition || !byBounds) return byPartition ?? byBounds;
    return byPartition.filter((index) => byBounds.includes(index));
  } finally {
    session.close();
  }
}

async function answering(
  session: Session,
  table: PartitionedTable,
  conditions: readonly Tree[],
): Promise<readonly number[] | undefined> {
  const { partitionBy, files } = table;
  // A file of a time when the table had other partitions may hold anything.
  const [told = [], open = []] = [true, false].map((whole) =>
    [...files.keys()].filter(
      (index) => partitionBy.every((name) => Object.hasOwn(files[index]!.partitionValues, name)) === whole,
    ),
  );
  if (told.length === 0) return undefined;
  try {
    await session.run(`CREATE TABLE ${valuesTable} AS ${valuesOf(table, told)}`);
    const rows = await session.rows(await statementOf(session, valuesTable, conditions));
    return [...open, ...rows.map((row) => Number(row[position]))].sort((a, b) => a - b);
  } catch {
    // What is wrong with a condition the query itself says better.
    return undefined;
  }
}

async function withinBounds(
  session: Session,
  { columns, files }: PartitionedTable,
  conditions: readonly Tree[],
): Promise<readonly number[] | undefined> {
  const asked = boundedConditions(conditions, columns);
  const named = columns.filter(({ name }) => asked.some(({ column }) => column === name));
  if (named.length === 0) return undefined;
  try {
    await session.run(`CREATE TABLE ${boundsTable} AS ${boundsOfFiles(files, named, position)}`);
    const trees = asked.map(({ condition }) => condition);
    const rows = await session.rows(await statementOf(session, boundsTable, trees));
    return rows.map((row) => Number(row[position])).sort((a, b) => a - b);
  } catch {
    // What is wrong with a condition the query itself says better.
    return undefined;
  }
}

/** The one SELECT over the one table, as a tree. */
async function selectOf(session: Session, sql: string, name: string): Promise<Tree | undefined> {
  const { error, statements = [] } = await treeOf(session, sql);
  const [{ node } = {} as Tree, ...others] = statements;
  if (error || others.length > 0 || node?.type !== 'SELECT_NODE') return undefined;
  const { from_table: from, cte_map: ctes } = node;
  if (from.type !== 'BASE_TABLE' || from.table_name.toLowerCase() !== name.toLowerCase()) return undefined;
  // A sample is taken of all rows, and columns may have other names here.
  const plain = !from.sample && !from.at_clause && (from.column_name_alias ?? []).length === 0;
  return plain && ctes.map.length === 0 ? node : undefined;
}

async function treeOf(session: Session, sql: string): Promise<Tree> {
  return exactJson.parse(await serializedTree(session, sql), keepDigits);
}

/** A number as it stands in the text: those of 64 bits are none of JavaScript's. */
function keepDigits(_: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? exactJson.rawJSON(source!) : value;
}

/** What JavaScript has and its types do not know yet. */
const exactJson = JSON as unknown as {
  parse(text: string, revive: typeof keepDigits): Tree;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
};

function conjuncts(condition: Tree): readonly Tree[] {
  return condition.type === 'CONJUNCTION_AND' ? condition.children.flatMap(conjuncts) : [condition];
}

const harmless = ['COMPARISON', 'CONJUNCTION', 'CONSTANT', 'CAST', 'OPERATOR', 'BETWEEN', 'CASE'];

/** True for a condition that has the same answer for all rows with the same values of these columns. */
function tellsPartition(condition: Tree, names: readonly string[], consistent: ReadonlySet<string>): boolean {
  return expressionsOf(condition).every((one) => {
    if (one.class === 'COLUMN_REF') return names.some((name) => name.toLowerCase() === lastName(one).toLowerCase());
    return one.class === 'FUNCTION' ? consistent.has(one.function_name) : harmless.includes(one.class);
  });
}

const lastName = (column: Tree): string => column.column_names.at(-1);

/** A tree's own and inner expressions. */
function expressionsOf(value: unknown): Tree[] {
  if (Array.isArray(value)) return value.flatMap(expressionsOf);
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(expressionsOf);
  return 'class' in value ? [value as Tree, ...inner] : inner;
}

async function consistentFunctions(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.rows(
    "SELECT function_name AS name FROM duckdb_functions() WHERE function_type = 'scalar' GROUP BY function_name HAVING bool_and(stability = 'CONSISTENT')",
  );
  return new Set(rows.map(({ name }) => name as string));
}

function valuesOf({ columns, partitionBy, files }: PartitionedTable, positions: readonly number[]): string {
  const rows = positions.map((index) => {
    const values = partitionBy.map((name) => {
      const value = files[index]!.partitionValues[name]!;
      return value === null ? 'NULL' : literal(value);
    });
    return `(${[index, ...values].join(', ')})`;
  });
  const typed = partitionBy.map((name) => {
    const type = columns.find((column) => column.name === name)?.type ?? 'VARCHAR';
    return `${quoted(name)}::${type} AS ${quoted(name)}`;
  });
  const names = [position, ...partitionBy.map(quoted)].join(', ');
  return `SELECT ${[position, ...typed].join(', ')} FROM (VALUES ${rows.join(', ')}) given(${names})`;
}

/** The conditions as a query over the values of the partitions. */
async function statementOf(session: Session, table: string, conditions: readonly Tree[]): Promise<string> {
  const tree = await treeOf(session, `SELECT ${position} FROM ${table} WHERE true AND false`);
  const [statement] = tree.statements;
  statement.node.where_clause.children = conditions.map(unqualified);
  return deserializedTree(session, JSON.stringify(tree));
}

/** The same with columns by their own names alone: the table has another one here. */
function unqualified(value: any): any {
  if (Array.isArray(value)) return value.map(unqualified);
  if (typeof value !== 'object' || value === null || exactJson.isRawJSON(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unqualified(one)]));
  return value.class === 'COLUMN_REF' ? { ...inner, column_names: [lastName(value)] } : inner;
}
