import type { Column, PlanNode } from '../../component/plan.ts';
import { type Expression, type Projection, quoted, type Severity, type Shape } from '../../component/shape.ts';
import { measureArguments, windowArguments } from '../aggregates/arguments.ts';
import { readTree, type Tree } from '../aggregates/expression-tree.ts';
import { sameName } from '../column-names.ts';
import type { Check, Kept, Taken } from '../rejects.ts';
import { type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import type { Session } from '../session.ts';
import { neverFails } from './never-fails.ts';
import { noticedFailures } from './noticed-failures.ts';
import type { StepInput } from './step.ts';

/** An expression of the user's that is worked out for each row, and what is said of a row on which it fails. */
export interface Computed {
  readonly sql: string;
  readonly rule: string;
  /** What it is for, as the reason names it. */
  readonly use: string;
  readonly severity?: Severity | undefined;
  /** What a reject shows: a name, and SQL of the value. Default: the first column that the expression names. */
  readonly shows?: { readonly column: string; readonly value: string };
}

/** The rows that a step can run on, and what became of the others. */
export interface Computable {
  readonly input: Relation;
  readonly taken: Taken;
  /** Rows that another step of the same choice rejects. */
  readonly routed: number;
}

const nothing: Taken = { rejected: 0, rules: {} };

/**
 * Sets aside the rows on which an expression fails, as `'a'::INTEGER` does: one such row is no reason to end a run.
 *
 * Every row that reaches the step is tried, whether or not a later step would drop it, so that the same rows are rejected
 * however the input is cut. What remains is a table: behind a view DuckDB could move the expression past the test again.
 */
export async function withoutFailing({ session, rejects, node, shape, input }: StepInput): Promise<Computable> {
  const all: Computable = { input, taken: nothing, routed: 0 };
  // Rows that stand for several were tried where they were merged.
  if (input.rows === 0 || input.merged) return all;
  const computed = await computedBy(session, shape, input.columns);
  // Each route is a step of its own; a row is rejected by one of them.
  const elsewhere = shape.form === 'route' && shape.to !== shape.otherwise;
  const kept = { seen: rowAsJson(input.columns) };
  const tried = await withoutThose({ session, rejects, node, input, computed, kept, elsewhere, of: node.id });
  const { rejected } = tried.taken;
  if (!elsewhere || rejected === 0) return { ...tried, routed: 0 };
  return {
    input: tried.input,
    taken: { rejected: 0, rules: { 'routes can be computed': rejected } },
    routed: rejected,
  };
}

interface Tried extends Pick<StepInput, 'session' | 'rejects' | 'input'> {
  /** Rejects them. */
  readonly node: Pick<PlanNode, 'id'>;
  readonly computed: readonly Computed[];
  /** What rejects keep of a row. */
  readonly kept: Kept;
  /** True where another step sets them aside. Default: false. */
  readonly elsewhere?: boolean;
  /** Names what is made of the rows. */
  readonly of: string;
}

/** The rows on which none of the expressions fails; the others become rejects. */
export async function withoutThose(tried: Tried): Promise<Omit<Computable, 'routed'>> {
  const { session, rejects, node, input, computed, kept, elsewhere, of } = tried;
  const risky: (Computed & { readonly tried: string })[] = [];
  for (const one of computed) {
    const tree = await readTree(session, one.sql);
    if (neverFails(tree, input.columns)) continue;
    const column = firstColumn(tree, input.columns);
    const tried = await noticedFailures(session, tree, one.sql);
    risky.push({ ...(column !== undefined && { shows: { column, value: quoted(column) } }), ...one, tried });
  }
  if (risky.length === 0) return { input, taken: nothing };
  // Of two columns with a part in common DuckDB works out the part before either TRY; of conditions it does not.
  const failing = risky.map(({ tried }) => `TRY(struct_pack(v := (${tried}\n))) IS NULL`);
  const from = whole(input);
  const [count] = await session.counts(`SELECT count(*) FROM ${from} WHERE ${failing.join(' OR ')}`);
  if (count === 0) return { input, taken: nothing };
  const name = quoted(`computable ${of}`);
  await session.run(`CREATE TABLE ${name} AS SELECT * FROM ${from} WHERE NOT (${failing.join(' OR ')})`);
  const left = { ...input, name, rows: input.rows - count! };
  if (elsewhere) return { input: left, taken: { rejected: count!, rules: {} } };
  const aside = quoted(`failing ${of}`);
  await session.run(`CREATE TABLE ${aside} AS SELECT * FROM ${from} WHERE ${failing.join(' OR ')}`);
  for (const [index, condition] of failing.entries()) {
    await session.run(`ALTER TABLE ${aside} ADD COLUMN __fails_${index} BOOLEAN DEFAULT false`);
    const fail = `SELECT ${rowColumn} FROM ${whole({ ...input, name: aside })} WHERE ${condition}`;
    await session.run(`UPDATE ${aside} SET __fails_${index} = true WHERE ${rowColumn} IN (${fail})`);
  }
  const checks = risky.map(
    ({ rule, use, severity, shows = { column: rule, value: 'NULL' } }, index): Check => ({
      rule,
      severity,
      ...shows,
      bad: `__fails_${index}`,
      message: `cannot be used for ${use}`,
    }),
  );
  const taken = await rejects.take(node.id, rowsBySource({ ...input, name: aside }), checks, { ...kept, allBad: true });
  await session.run(`DROP TABLE ${aside}`);
  return { input: left, taken };
}

/** SQL of the rows, so that no cast of a structure's member is made where the rows are read, before any TRY. */
function whole({ name, columns }: Pick<Relation, 'name' | 'columns'>): string {
  const nested = columns.filter(({ type }) => type.includes('STRUCT(')).map((column) => quoted(column.name));
  if (nested.length === 0) return name;
  return `(SELECT * REPLACE (${nested.map((column) => `coalesce(${column}, NULL) AS ${column}`).join(', ')}) FROM ${name})`;
}

/** What a step works out row by row. */
async function computedBy(session: Session, shape: Shape, columns: readonly Column[]): Promise<Computed[]> {
  switch (shape.form) {
    case 'project': {
      // What has values of its own beside the row is an operator's making.
      if (shape.lets) return [];
      const columns = shape.columns.flatMap(({ name, expression }) =>
        byUser(expression, `${name} can be computed`, (sql) => `${name} = ${sql}`),
      );
      const rules = (shape.rejections ?? []).flatMap(({ rule, holds, severity }) =>
        byUser(holds, rule, (sql) => `the rule "${rule}": ${sql}`).map((one) => ({ ...one, severity })),
      );
      return [...columns, ...rules];
    }
    case 'keep':
      return byUser(shape.condition, `"${shape.rule}" can be computed`, (sql) => `the condition ${sql}`);
    case 'route':
      return shape.routes.flatMap(({ name, condition }) =>
        byUser(condition, `route ${name} can be computed`, (sql) => `the route ${name}: ${sql}`),
      );
    case 'group':
      return givenTo(shape.measures, (measure) => measureArguments(session, measure, columns));
    case 'window':
      return givenTo(
        shape.columns.map(({ name, call }) => ({ name, expression: call })),
        ({ expression }) => windowArguments(session, expression.sql, columns),
      );
    default:
      return [];
  }
}

/** What aggregate and window functions are given of each row. */
async function givenTo<T extends Projection>(
  calls: readonly T[],
  given: (call: T) => Promise<readonly string[]>,
): Promise<Computed[]> {
  const all: Computed[] = [];
  for (const call of calls) {
    const { name, expression } = call;
    if (!expression.path) continue;
    const use = `${name} = ${expression.shown ?? expression.sql}`;
    for (const sql of await given(call)) all.push({ sql, rule: `${name} can be computed`, use });
  }
  return all;
}

/** Expressions that an operator made itself hold for every row. */
function byUser({ sql, path, shown }: Expression, rule: string, use: (sql: string) => string): Computed[] {
  return path ? [{ sql, rule, use: use(shown ?? sql) }] : [];
}

/** The first column that an expression names: the one whose value a reject shows. */
function firstColumn(tree: unknown, columns: readonly Column[]): string | undefined {
  if (typeof tree !== 'object' || tree === null) return undefined;
  const { column_names: names = [] } = tree as Tree;
  for (const name of names) {
    const column = columns.find((one) => sameName(one.name, name));
    if (column) return column.name;
  }
  for (const part of Object.values(tree)) {
    const found = firstColumn(part, columns);
    if (found !== undefined) return found;
  }
  return undefined;
}
