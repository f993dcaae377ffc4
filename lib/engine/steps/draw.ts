import { type DrawShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** Finds the rows that are drawn, and leaves them as a view. Of equal ones the first in the source is taken first. */
export async function draw({ session, node, shape, input }: StepInput<DrawShape>): Promise<StepResult> {
  const { key, order, count, rule } = shape;
  const drawn = quoted(`drawn ${node.id}`);
  const partition = key.length > 0 ? `PARTITION BY ${key.map(quoted).join(', ')} ` : '';
  const place = `row_number() OVER (${partition}ORDER BY ${order.sql}, ${rowColumn})`;
  await session.run(
    `CREATE TABLE ${drawn} AS SELECT ${rowColumn} FROM (SELECT ${rowColumn}, ${place} AS __place FROM ${input.name}) WHERE __place <= ${count}`,
  );
  const [rowsOut] = await session.counts(`SELECT count(*) FROM ${drawn}`);
  const filtered = input.rows - rowsOut!;
  const relation = relationOf(node, rowsOut!, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name} SEMI JOIN ${drawn} USING (${rowColumn})`,
  );
  const rules = filtered > 0 ? { [rule]: filtered } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: rowsOut!, filtered, rules }) };
}
