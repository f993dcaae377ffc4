import { type GroupShape, quoted } from '../../component/shape.ts';
import { groupsFrom, type Measured } from '../aggregates/group-query.ts';
import type { Taken } from '../rejects.ts';
import { columnList, type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { columnsUsed } from './columns-used.ts';
import { failingNumbers, isValuesError } from './failing-numbers.ts';
import type { StepInput } from './step.ts';

/** Rows without the groups on which an aggregate function fails, and what became of those. */
export interface Groupable {
  readonly input: Relation;
  /** One reject for each group, into which its other rows are merged. */
  readonly taken: Taken;
}

/**
 * Sets aside the groups on which an aggregate function itself fails, as `stddev` does where a number is infinite. Throws
 * what was thrown where values are not to blame. Groups that chunks have merged do not fail: those of their calls that can
 * are none that merge.
 */
export async function withoutFailingGroups(
  { session, rejects, node, shape, input }: StepInput<GroupShape>,
  measured: Measured,
  cause: Error,
): Promise<Groupable> {
  if (!isValuesError(cause) || input.merged) throw cause;
  const [keyed, rows, failed] = ['keys', 'rows', 'failed'].map((prefix) => session.newName(prefix)) as [
    string,
    string,
    string,
  ];
  // Under names of their own: the expressions of keys name columns of the rows.
  const keys = shape.keys.map(({ expression }, index) => ({ sql: expression.sql, as: `__key_${index}` }));
  const same = keys.map(({ sql, as }) => `${as} IS NOT DISTINCT FROM ${sql}`).join(' AND ') || 'true';
  const distinct = ['1 AS __all', ...keys.map(({ sql, as }) => `${sql} AS ${as}`)].join(', ');
  await session.run(
    `CREATE TABLE ${keyed} AS SELECT *, row_number() OVER () AS __group FROM (SELECT DISTINCT ${distinct} FROM ${input.name})`,
  );
  const used = await columnsUsed(session, shape, input.columns);
  await session.run(
    `CREATE TABLE ${rows} AS SELECT ${columnList(used, rowColumn, '__group')} FROM ${input.name} JOIN ${keyed} ON ${same} ORDER BY __group`,
  );
  const [groups] = await session.counts(`SELECT count(*) FROM ${keyed}`);
  const { select } = groupsFrom(shape, measured, { ...input, name: rows });
  const over = (part: string) => select.replaceAll(rows, () => part);
  const numbers = await failingNumbers({ session, table: rows, groups: groups!, over });
  if (numbers.length === 0) throw cause;
  await session.run(`DELETE FROM ${keyed} WHERE __group NOT IN (${numbers.join(', ')})`);
  const own = shape.keys.map(({ name }, index) => `any_value(__key_${index}) AS ${quoted(name)}`);
  await session.run(
    `CREATE TABLE ${failed} AS SELECT ${[...own, 'count(*) AS __of', `min(${rowColumn}) AS ${rowColumn}`].join(', ')} FROM ${rows} JOIN ${keyed} USING (__group) GROUP BY __group`,
  );
  await session.run(`DROP TABLE ${rows}`);
  const [lost] = await session.counts(`SELECT sum(__of) FROM ${failed}`);
  const name = shape.keys[0]?.name ?? 'group';
  const taken = await rejects.take(
    node.id,
    rowsBySource({ ...input, name: failed }),
    [
      {
        rule: 'group can be computed',
        column: name,
        bad: 'true',
        value: shape.keys.length > 0 ? quoted(name) : 'NULL',
        message: `is the key of rows that cannot be aggregated: ${cause.message.split('\n')[0]}`,
      },
    ],
    { made: rowAsJson(node.columns.filter(({ name }) => shape.keys.some((key) => key.name === name))), allBad: true },
  );
  const left = `(SELECT * FROM ${input.name} WHERE NOT EXISTS (SELECT 1 FROM ${keyed} WHERE ${same}))`;
  return { input: { ...input, name: left, rows: input.rows - lost! }, taken };
}
