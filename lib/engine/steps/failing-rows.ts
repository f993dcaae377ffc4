import type { Column } from '../../component/plan.ts';
import { type Expression, quoted, type Severity, type Shape } from '../../component/shape.ts';
import { readTree, type Tree } from '../aggregates/expression-tree.ts';
import { sameName } from '../column-names.ts';
import type { Check, Taken } from '../rejects.ts';
import { type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { neverFails } from './never-fails.ts';
import type { StepInput } from './step.ts';

/** An expression of the user's that is worked out for each row, and what is said of a row on which it fails. */
interface Computed {
  readonly sql: string;
  readonly rule: string;
  /** What it is for, as the reason names it. */
  readonly use: string;
  readonly severity?: Severity | undefined;
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
  const risky: (Computed & { readonly of: string | undefined })[] = [];
  for (const one of computedBy(shape)) {
    const tree = await readTree(session, one.sql);
    if (!neverFails(tree, input.columns)) risky.push({ ...one, of: firstColumn(tree, input.columns) });
  }
  if (risky.length === 0 || input.rows === 0) return all;
  // Of two columns with a part in common DuckDB works out the part before either TRY; of conditions it does not.
  const failing = risky.map(({ sql }) => `TRY(struct_pack(v := (${sql}\n))) IS NULL`);
  const from = whole(input);
  const [count] = await session.counts(`SELECT count(*) FROM ${from} WHERE ${failing.join(' OR ')}`);
  if (count === 0) return all;
  const name = quoted(`computable ${node.id}`);
  await session.run(`CREATE TABLE ${name} AS SELECT * FROM ${from} WHERE NOT (${failing.join(' OR ')})`);
  const left = { ...input, name, rows: input.rows - count! };
  // Each route is a step of its own; a row is rejected by one of them.
  if (shape.form === 'route' && shape.to !== shape.otherwise)
    return { input: left, taken: { rejected: 0, rules: { 'routes can be computed': count! } }, routed: count! };
  const aside = quoted(`failing ${node.id}`);
  await session.run(`CREATE TABLE ${aside} AS SELECT * FROM ${from} WHERE ${failing.join(' OR ')}`);
  for (const [index, condition] of failing.entries()) {
    await session.run(`ALTER TABLE ${aside} ADD COLUMN __fails_${index} BOOLEAN DEFAULT false`);
    const fail = `SELECT ${rowColumn} FROM ${whole({ ...input, name: aside })} WHERE ${condition}`;
    await session.run(`UPDATE ${aside} SET __fails_${index} = true WHERE ${rowColumn} IN (${fail})`);
  }
  const checks = risky.map(
    ({ rule, use, severity, of }, index): Check => ({
      rule,
      severity,
      column: of ?? rule,
      bad: `__fails_${index}`,
      value: of === undefined ? 'NULL' : quoted(of),
      message: `cannot be used for ${use}`,
    }),
  );
  const kept = { seen: rowAsJson(input.columns), allBad: true } as const;
  const taken = await rejects.take(node.id, rowsBySource({ ...input, name: aside }), checks, kept);
  await session.run(`DROP TABLE ${aside}`);
  return { input: left, taken, routed: 0 };
}

/** SQL of the rows, so that no cast of a structure's member is made where the rows are read, before any TRY. */
function whole({ name, columns }: Pick<Relation, 'name' | 'columns'>): string {
  const nested = columns.filter(({ type }) => type.includes('STRUCT(')).map((column) => quoted(column.name));
  if (nested.length === 0) return name;
  return `(SELECT * REPLACE (${nested.map((column) => `coalesce(${column}, NULL) AS ${column}`).join(', ')}) FROM ${name})`;
}

/** What a step works out row by row. Aggregates see many rows: where one fails, none of them is to blame. */
function computedBy(shape: Shape): Computed[] {
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
    default:
      return [];
  }
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
