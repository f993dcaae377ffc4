import { type DrawShape, quoted } from '../../component/shape.ts';
import { weightColumn } from '../aggregates/group-query.ts';
import { stepCount } from '../ledger.ts';
import { besideRows, columnList, type Relation, rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** Finds the rows that are drawn, and leaves them as a view. Of equal ones the first in the source is taken first. */
export async function draw({ session, node, shape, input }: StepInput<DrawShape>): Promise<StepResult> {
  const { count, rule } = shape;
  const drawn = quoted(`drawn ${node.id}`);
  await session.run(
    `CREATE TABLE ${drawn} AS SELECT ${rowColumn} FROM (SELECT ${rowColumn}, ${placeSql(shape)} AS __place FROM ${values(input, shape)}) WHERE __place <= ${count}`,
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${drawn}`);
  const filtered = input.rows - rowsOut!;
  const relation = relationOf(node, rowsOut!, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns, rowColumn)} FROM ${input.name} SEMI JOIN ${besideRows(drawn)} USING (${rowColumn})`,
  );
  const rules = filtered > 0 ? { [rule]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: rowsOut!, filtered, rules }) };
}

/** Of each key in a chunk the rows that can be drawn. The first of them stands for the others. */
export async function drawEarly({ session, node, shape, input }: StepInput<DrawShape>): Promise<string> {
  const { count } = shape;
  const drawn = quoted(`drawn early ${node.id}`);
  const rows = `SELECT ${rowColumn}, ${placeSql(shape)} AS __place, count(*) OVER (${keySql(shape)}) AS __rows FROM ${values(input, shape)}`;
  await session.run(
    `CREATE TABLE ${drawn} AS SELECT ${rowColumn}, CASE WHEN __place = 1 THEN greatest(__rows - ${count}, 0) + 1 ELSE 1 END AS ${weightColumn} FROM (${rows}) WHERE __place <= ${count}`,
  );
  return `SELECT ${columnList(input.columns, rowColumn, weightColumn)} FROM ${input.name} JOIN ${besideRows(drawn)} USING (${rowColumn})`;
}

function placeSql(shape: DrawShape): string {
  return `row_number() OVER (${keySql(shape)} ORDER BY __order, ${rowColumn})`;
}

/** SQL of what decides: DuckDB would hold whole rows to work it out in their midst. */
function values({ name }: Relation, { key, order }: DrawShape): string {
  return `(SELECT ${[...key.map(quoted), `${order.sql} AS __order`, rowColumn].join(', ')} FROM ${name})`;
}

function keySql({ key }: DrawShape): string {
  return key.length > 0 ? `PARTITION BY ${key.map(quoted).join(', ')}` : '';
}
