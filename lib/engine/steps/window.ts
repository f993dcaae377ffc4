import { quoted, type WindowShape } from '../../component/shape.ts';
import { weightColumn } from '../aggregates/group-query.ts';
import { windowQuery } from '../aggregates/window-query.ts';
import { stepCount } from '../ledger.ts';
import { besideRows, columnList, type Relation, rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view, unless only some rows of each key go on: which ones is computed once. */
export async function window({ session, node, shape, input }: StepInput<WindowShape>): Promise<StepResult> {
  const all = await windowQuery(session, shape, input);
  const { keep } = shape;
  if (!keep) {
    const wide = isWide(input);
    const relation = relationOf(node, input.rows, wide ? input : { ...input, slow: true });
    const select = wide ? await besides({ session, node, shape, input }, all) : all;
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
  { session, node, shape, input }: Pick<StepInput<WindowShape>, 'session' | 'node' | 'shape' | 'input'>,
  all: string,
): Promise<string> {
  const names = shape.columns.map((column) => quoted(column.name));
  const values = quoted(`values ${node.id}`);
  await session.run(`CREATE TABLE ${values} AS SELECT ${[...names, rowColumn].join(', ')} FROM (${all})`);
  return `SELECT ${[columnList(input.columns), ...names, rowColumn].join(', ')} FROM ${input.name} JOIN ${besideRows(values)} USING (${rowColumn})`;
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
    `CREATE TABLE ${ranked} AS SELECT ${[rowColumn, ...keys, place].join(', ')} FROM (${await windowQuery(session, shape, input)})`,
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
