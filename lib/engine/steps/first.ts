import { type FirstShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * Finds the rows that lose against another one of their key, and leaves the rest as a view.
 *
 * Only rows whose key hash occurs twice are compared in full: grouping 64-bit hashes costs a third of grouping keys, and
 * duplicates are few. A hash that two keys share costs a comparison, never a row.
 */
export async function first({ session, node, shape, input }: StepInput<FirstShape>): Promise<StepResult> {
  const key = shape.key.map(quoted).join(', ');
  const hash = `hash(${key})`;
  // The last resort of the order is the row's place in the source: the same input always keeps the same row. A later
  // row wins where "latest" is asked for, an earlier one otherwise.
  const tie = shape.order.some((one) => one.descending) ? 'DESC' : 'ASC';
  const order = [
    ...shape.order.map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`),
    `${rowColumn} ${tie}`,
  ];
  const losers = quoted(`losers ${node.id}`);
  const shared = quoted(`shared ${node.id}`);
  await session.run(
    `CREATE TABLE ${shared} AS SELECT key_hash FROM (SELECT ${hash} AS key_hash FROM ${input.name}) GROUP BY key_hash HAVING count(*) > 1`,
  );
  await session.run(
    `CREATE TABLE ${losers} AS SELECT ${rowColumn} FROM (SELECT ${rowColumn}, row_number() OVER (PARTITION BY ${key} ORDER BY ${order.join(', ')}) AS place ` +
      `FROM ${input.name} WHERE ${hash} IN (SELECT key_hash FROM ${shared})) WHERE place > 1`,
  );
  await session.run(`DROP TABLE ${shared}`);
  const [merged] = await session.counts(`SELECT count(*) FROM ${losers}`);
  const relation = relationOf(node, input.rows - merged!, input);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name}${merged! > 0 ? ` ANTI JOIN ${losers} USING (${rowColumn})` : ''}`,
  );
  const rule = `same ${shape.key.join(', ')}`;
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: relation.rows,
      merged: merged!,
      rules: merged! > 0 ? { [rule]: merged! } : {},
    }),
  };
}
