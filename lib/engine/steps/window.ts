import { quoted, type WindowShape } from '../../component/shape.ts';
import { weightColumn } from '../aggregates/group-query.ts';
import { type WindowQuery, windowQuery } from '../aggregates/window-query.ts';
import { stepCount } from '../ledger.ts';
import { anyBad } from '../rejects.ts';
import { besideRows, columnList, type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * A view, unless only some rows of each key go on: which ones is computed once. A row whose sum has no room in its type
 * becomes a reject; it is still one of the rows that others look at.
 */
export async function window(step: StepInput<WindowShape>): Promise<StepResult> {
  const { session, node, shape, input } = step;
  const { select: all, beyond } = await windowQuery(session, shape, input);
  const { keep } = shape;
  if (!keep && Object.keys(beyond).length > 0) return withoutRoomless(step, all, beyond);
  if (!keep) {
    const wide = isWide(input);
    const relation = relationOf(node, input.rows, wide ? input : { ...input, slow: true });
    const select = wide ? (await besides(step, all)).select : all;
    await session.run(`CREATE VIEW ${relation.name} AS ${select}`);
    return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: input.rows }) };
  }
  const winners = quoted(`winners ${node.id}`);
  const names = shape.columns.map(({ name }) => quoted(name)).join(', ');
  await session.run(
    `CREATE TABLE ${winners} AS SELECT ${names}, ${rowColumn} FROM (${all}) WHERE ${quoted(keep.column)} <= ${keep.atMost}`,
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${winners}`);
  const filtered = input.rows - rowsOut!;
  const relation = relationOf(node, rowsOut!, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns)}, ${names}, ${rowColumn} FROM ${input.name} JOIN ${besideRows(winners)} USING (${rowColumn})`,
  );
  const rules = filtered > 0 ? { [keep.rule]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: rowsOut!, filtered, rules }) };
}

/**
 * SQL of the rows with their new columns beside them. DuckDB sorts whole rows for a window, and of wide ones it can hold
 * too many at a time; numbers of rows and values are small, and in a table DuckDB knows that they are the smaller side.
 */
async function besides(
  { session, node, shape, input }: StepInput<WindowShape>,
  all: string,
  hidden: readonly string[] = [],
): Promise<{ readonly select: string; readonly values: string }> {
  const names = shape.columns.map((column) => quoted(column.name));
  const values = quoted(`values ${node.id}`);
  await session.run(`CREATE TABLE ${values} AS SELECT ${[...names, ...hidden, rowColumn].join(', ')} FROM (${all})`);
  const select = `SELECT ${[columnList(input.columns), ...names, rowColumn].join(', ')} FROM ${input.name} JOIN ${besideRows(values)} USING (${rowColumn})`;
  return { select, values };
}

/** The rows with their new columns, without those that have a sum without room. */
async function withoutRoomless(
  step: StepInput<WindowShape>,
  all: string,
  beyond: WindowQuery['beyond'],
): Promise<StepResult> {
  const { session, rejects, node, shape, input } = step;
  const { select, values } = await besides(step, all, Object.values(beyond));
  const checks = Object.entries(beyond).map(([name, near]) => {
    const { call } = shape.columns.find((column) => column.name === name)!;
    const message = `has no room in ${name} = ${call.shown ?? call.sql}`;
    return { rule: `${name} can be computed`, column: name, bad: `${near} IS NOT NULL`, value: near, message };
  });
  const bad = anyBad(checks);
  const lost = `(SELECT ${input.name}.*, ${Object.values(beyond).join(', ')} FROM ${input.name} JOIN ${besideRows(`${values} WHERE ${bad}`)} USING (${rowColumn}))`;
  const taken = await rejects.take(node.id, rowsBySource({ ...input, name: lost }), checks, {
    seen: rowAsJson(input.columns),
  });
  await session.run(`DELETE FROM ${values} WHERE ${bad}`);
  const rowsOut = input.rows - taken.rejected;
  const relation = relationOf(node, rowsOut, input);
  await session.run(`CREATE VIEW ${relation.name} AS ${select}`);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, ...taken, rowsOut }) };
}

/** So many columns of fixed width are as much as a text. */
const manyColumns = 16;

/** True where a row may take far more than its key and a number. */
function isWide({ columns }: Relation): boolean {
  return columns.length > manyColumns || columns.some(({ type }) => /VARCHAR|BLOB|JSON|BIT|[[(]/.test(type));
}

/**
 * Of each key in a chunk the rows that can be among those that go on: a row that enough others of its chunk are before is
 * not. The first of them stands for the rest.
 */
export async function windowEarly({ session, node, shape, input }: StepInput<WindowShape>): Promise<string> {
  const { column, atMost } = shape.keep!;
  const place = quoted(column);
  const keys = shape.keys.map(quoted);
  const ranked = quoted(`ranked ${node.id}`);
  await session.run(
    `CREATE TABLE ${ranked} AS SELECT ${[rowColumn, ...keys, place].join(', ')} FROM (${(await windowQuery(session, shape, input)).select})`,
  );
  const by = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  const firsts = `SELECT min_by(${rowColumn}, (${place}, ${rowColumn})) AS ${rowColumn}, count(*) FILTER (${place} > ${atMost}) AS __others FROM ${ranked}${by}`;
  const staying = quoted(`staying ${node.id}`);
  await session.run(
    `CREATE TABLE ${staying} AS SELECT ${rowColumn}, 1 + coalesce(__others, 0) AS ${weightColumn} FROM ${ranked} LEFT JOIN (${firsts}) USING (${rowColumn}) WHERE ${place} <= ${atMost}`,
  );
  await session.run(`DROP TABLE ${ranked}`);
  return `SELECT ${columnList(input.columns, rowColumn, weightColumn)} FROM ${input.name} JOIN ${besideRows(staying)} USING (${rowColumn})`;
}
