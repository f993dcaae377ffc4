import { literal, quoted } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { columnTree, readTree, type Tree, writeTree } from './expression-tree.ts';

/** One call of an aggregate function. */
export interface AggregateCall {
  /** In lower case. */
  readonly name: string;
  /** SQL of the arguments. */
  readonly given: readonly string[];
  readonly distinct: boolean;
  /** SQL of what it puts its rows in order by itself. */
  readonly orders: readonly string[];
  /** SQL of the condition on the rows that it takes in. Absent: all. */
  readonly where?: string;
  /** SQL of the whole call. */
  readonly sql: string;
  /** SQL of the same call over rows in the order of their places in the source, which decides between equal ones. */
  readonly inOrder: string;
}

/** An expression, taken apart. */
export interface Measure {
  readonly calls: readonly AggregateCall[];
  /** SQL of the expression with the result of call `i` as the column `column(i)`. */
  template(column: (index: number) => string): string;
}

const placeholder = (index: number) => `__call_${index}_`;

/** What names of functions mean. */
export interface Functions {
  readonly aggregates: ReadonlySet<string>;
  readonly macros: ReadonlyMap<string, { readonly parameters: readonly string[]; readonly definition: string }>;
}

/** The same in every session; listing them takes as long as a small step. */
let listed: Functions | undefined;

export async function functionsOf(session: Session): Promise<Functions> {
  listed ??= await listFunctions(session);
  return listed;
}

/** DuckDB's own: what a session was given by us holds no aggregate. */
async function listFunctions(session: Session): Promise<Functions> {
  const rows = await session.rows(
    "SELECT function_name AS name, function_type AS type, any_value(parameters) AS parameters, any_value(macro_definition) AS definition FROM duckdb_functions() WHERE internal AND function_type IN ('aggregate', 'macro') GROUP BY ALL",
  );
  const macros = rows.filter(({ type, definition }) => type === 'macro' && definition);
  return {
    aggregates: new Set(rows.filter(({ type }) => type === 'aggregate').map(({ name }) => name)),
    macros: new Map(macros.map(({ name, parameters, definition }) => [name, { parameters, definition }])),
  };
}

interface Asked {
  readonly sql: string;
  /** SQL of a condition on the rows that all its calls take in. */
  readonly where?: string;
  /** Column that orders the rows by their places in the source. */
  readonly row: string;
}

/** Finds the calls of aggregate functions in an expression, also those behind macros such as `geomean`. */
export async function aggregateCalls(
  session: Session,
  functions: Functions,
  { sql, where, row }: Asked,
): Promise<Measure> {
  const { aggregates, macros } = functions;
  const found: Tree[] = [];

  async function replaced(tree: unknown): Promise<unknown> {
    if (Array.isArray(tree)) {
      const all: unknown[] = [];
      for (const one of tree) all.push(await replaced(one));
      return all;
    }
    if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, 'class')) return each(tree);
    const node = tree as Tree;
    const name = node.class === 'FUNCTION' && !node.is_operator ? node.function_name!.toLowerCase() : '';
    // The alias is the name of a member, where the call is one of a structure.
    const { alias } = node;
    if (aggregates.has(name)) return { ...columnTree(placeholder(found.push({ ...node, alias: '' }) - 1)), alias };
    const macro = macros.get(name);
    if (!macro) return each(node);
    const body = await readTree(session, macro.definition);
    const given = new Map(macro.parameters.map((one, index) => [one, node.children![index]]));
    return { ...((await replaced(substituted(body, given))) as Tree), alias };
  }

  async function each(tree: unknown): Promise<unknown> {
    if (typeof tree !== 'object' || tree === null || isRaw(tree)) return tree;
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(tree)) entries.push([key, await replaced(value)]);
    return Object.fromEntries(entries);
  }

  const whole = (await replaced(await readTree(session, sql))) as Tree;
  const written = await writeTree(session, whole);
  const calls: AggregateCall[] = [];
  for (const tree of found) calls.push(await callOf(session, await ready(session, tree, where), row));
  return {
    calls,
    template: (column) =>
      calls.reduceRight((text, _, index) => text.replaceAll(placeholder(index), () => quoted(column(index))), written),
  };
}

/** The call as it is taken over the rows that meet a condition as well. */
async function ready(session: Session, tree: Tree, where: string | undefined): Promise<Tree> {
  return guarded(session, await onlyWhere(session, await withArguments(session, tree), where));
}

const isRaw = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/** The body of a macro, its parameters replaced by what was given. */
function substituted(tree: unknown, given: ReadonlyMap<string, Tree | undefined>): unknown {
  if (Array.isArray(tree)) return tree.map((one) => substituted(one, given));
  if (typeof tree !== 'object' || tree === null || isRaw(tree)) return tree;
  const node = tree as Tree;
  const [name, ...more] = node.class === 'COLUMN_REF' ? node.column_names! : [];
  const value = name !== undefined && more.length === 0 ? given.get(name) : undefined;
  return value ?? Object.fromEntries(Object.entries(node).map(([key, part]) => [key, substituted(part, given)]));
}

/**
 * A call whose values stand in WITHIN GROUP, with them as its first argument: what its rows are put in order by further
 * would be taken for more of them. A fraction below 0 counts from above.
 */
async function withArguments(session: Session, tree: Tree): Promise<Tree> {
  const [order, ...more] = tree.order_bys?.orders ?? [];
  const given = tree.children ?? [];
  if (!order || more.length > 0) return tree;
  const name = tree.function_name!.toLowerCase();
  if (name === 'mode' && given.length === 0) return { ...tree, children: [order.expression] };
  const [fraction] = given;
  if (!/^quantile_(cont|disc)$/.test(name) || fraction === undefined || given.length > 1) return tree;
  const below = async (one: Tree) => readTree(session, `-(${await writeTree(session, one)})`);
  const counted = order.type !== 'DESCENDING' ? fraction : await eachFraction(fraction, below);
  return { ...tree, children: [order.expression, counted], order_bys: { ...tree.order_bys!, orders: [] } };
}

async function eachFraction(tree: Tree, change: (one: Tree) => Promise<Tree>): Promise<Tree> {
  if (tree.class === 'CAST') return { ...tree, child: await eachFraction(tree.child as Tree, change) };
  if (tree.function_name !== 'list_value') return change(tree);
  const children: Tree[] = [];
  for (const one of tree.children ?? []) children.push(await change(one));
  return { ...tree, children };
}

/** The call over those of its rows that meet a condition as well. */
async function onlyWhere(session: Session, tree: Tree, where: string | undefined): Promise<Tree> {
  if (where === undefined) return tree;
  const given = tree.filter ? `(${await writeTree(session, tree.filter)}) AND (${where})` : where;
  return { ...tree, filter: await readTree(session, given) };
}

/**
 * The call with arguments that are worked out for its own rows alone: DuckDB works them out for all rows, and drops those
 * that the condition does not take in only then.
 */
async function guarded(session: Session, tree: Tree): Promise<Tree> {
  if (!tree.filter) return tree;
  const where = await writeTree(session, tree.filter);
  const guard = async (given: Tree): Promise<Tree> =>
    given.class === 'COLUMN_REF' || !namesColumns(given)
      ? given
      : readTree(session, `CASE WHEN ${where} THEN ${await writeTree(session, given)} END`);
  const children: Tree[] = [];
  for (const child of tree.children ?? []) children.push(await guard(child));
  if (!tree.order_bys) return { ...tree, children };
  const orders: NonNullable<Tree['order_bys']>['orders'] = [];
  for (const one of tree.order_bys.orders) orders.push({ ...one, expression: await guard(one.expression) });
  return { ...tree, children, order_bys: { ...tree.order_bys, orders } };
}

function namesColumns(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  return (tree as Tree).class === 'COLUMN_REF' || Object.values(tree).some(namesColumns);
}

/** A window column's call, whatever function it calls. */
export async function windowCall(session: Session, sql: string): Promise<AggregateCall> {
  return callOf(session, await ready(session, await readTree(session, sql), undefined), rowColumn);
}

async function callOf(session: Session, tree: Tree, row: string): Promise<AggregateCall> {
  const given: string[] = [];
  for (const child of tree.children ?? []) given.push(await writeTree(session, child));
  const orders = tree.order_bys?.orders ?? [];
  const ordersSql: string[] = [];
  for (const { expression } of orders) ordersSql.push(await writeTree(session, expression));
  // Rows that are the same value need no order between them, and DuckDB takes none. A separator orders nothing.
  const last = tree.distinct ? (tree.children ?? []).filter(namesColumns) : [columnTree(row)];
  const more = last.map((expression) => ({ type: 'ORDER_DEFAULT', null_order: 'ORDER_DEFAULT', expression }));
  const ordered = { ...tree, order_bys: { ...tree.order_bys, type: 'ORDER_MODIFIER', orders: [...orders, ...more] } };
  return {
    name: tree.function_name!.toLowerCase(),
    given,
    distinct: tree.distinct ?? false,
    orders: ordersSql,
    ...(tree.filter && { where: await writeTree(session, tree.filter) }),
    sql: await writeTree(session, tree),
    inOrder: await writeTree(session, ordered),
  };
}

/** Types of SQL over columns that need not exist. */
export async function typesOf(
  session: Session,
  sql: readonly string[],
  columns: readonly { readonly name: string; readonly type: string }[],
): Promise<string[]> {
  if (sql.length === 0) return [];
  const empty = [...columns.map(({ name, type }) => `NULL::${type} AS ${quoted(name)}`), 'NULL::BIGINT AS __row'];
  const list = sql.map((one, index) => `(${one}\n) AS ${literal(String(index)).replaceAll("'", '"')}`);
  const found = await session.columns(`SELECT ${list.join(', ')} FROM (SELECT ${empty.join(', ')})`);
  return found.map(({ type }) => type);
}
