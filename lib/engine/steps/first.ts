import { type FirstShape, quoted } from '../../component/shape.ts';
import { weightColumn } from '../aggregates/group-query.ts';
import { stepCount } from '../ledger.ts';
import { besideRows, columnList, rowColumn } from '../relation.ts';
import { sharedKeys } from './shared-keys.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * Finds the rows that lose against another one of their key, and leaves the rest as a view.
 *
 * Only rows whose key hash occurs twice are compared in full: grouping 64-bit hashes costs a third of grouping keys, and
 * duplicates are few. A hash that two keys share costs a comparison, never a row.
 */
export async function first(step: StepInput<FirstShape>): Promise<StepResult> {
  const { session, node, shape, input } = step;
  const { ranked } = await rank(step);
  const losers = quoted(`losers ${node.id}`);
  await session.run(`CREATE TABLE ${losers} AS SELECT ${rowColumn} FROM ${ranked} WHERE __place > 1`);
  await session.run(`DROP TABLE ${ranked}`);
  const [lost] = await session.counts(`SELECT count(*) FROM ${losers}`);
  const [there] = input.merged ? await session.counts(`SELECT count(*) FROM ${input.name}`) : [input.rows];
  const rowsOut = there! - lost!;
  const relation = { ...relationOf(node, rowsOut, input), oncePer: shape.key };
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columnList(input.columns, rowColumn)} FROM ${input.name}${lost! > 0 ? ` ANTI JOIN ${besideRows(losers)} USING (${rowColumn})` : ''}`,
  );
  const merged = input.rows - rowsOut;
  const rules = merged > 0 ? { [`same ${shape.key.join(', ')}`]: merged } : {};
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut, merged, rules }) };
}

/** The first row of each key in a chunk: whichever is first of all is the first of its chunk. */
export async function firstEarly(step: StepInput<FirstShape>): Promise<string> {
  const { ranked } = await rank(step);
  const columns = columnList(step.input.columns, rowColumn);
  return `SELECT ${columns}, coalesce(__twins, 1) AS ${weightColumn} FROM ${step.input.name} LEFT JOIN ${besideRows(ranked)} USING (${rowColumn}) WHERE coalesce(__place, 1) = 1`;
}

/** A table of the rows of keys that may occur twice: the place of each, and how many rows its key has. */
async function rank({ session, node, shape, input }: StepInput<FirstShape>): Promise<{ readonly ranked: string }> {
  const key = shape.key.map(quoted).join(', ');
  const hash = `hash(${key})`;
  // The last resort of the order is the row's place in the source: the same input always keeps the same row. A later
  // row wins where "latest" is asked for, an earlier one otherwise.
  const tie = shape.order.some((one) => one.descending) ? 'DESC' : 'ASC';
  const order = [
    ...shape.order.map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`),
    `${rowColumn} ${tie}`,
  ];
  const shared = quoted(`shared ${node.id}`);
  const ranked = quoted(`ranked ${node.id}`);
  await sharedKeys({ session, shape, input }, shared);
  await session.run(
    `CREATE TABLE ${ranked} AS SELECT ${rowColumn}, row_number() OVER (PARTITION BY ${key} ORDER BY ${order.join(', ')}) AS __place, ` +
      `count(*) OVER (PARTITION BY ${key}) AS __twins FROM ${input.name} WHERE ${hash} IN (SELECT key_hash FROM ${shared})`,
  );
  await session.run(`DROP TABLE ${shared}`);
  return { ranked };
}
