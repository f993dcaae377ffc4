import { type GroupShape, quoted } from '../../component/shape.ts';
import { groupsOf, weightColumn } from '../aggregates/group-query.ts';
import type { Taken } from '../rejects.ts';
import { type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import type { StepInput } from './step.ts';

/** More groups than these are no exception any longer, and finding each takes many queries. */
const mostGroups = 100;

/** What DuckDB says where values are to blame, and not the machine. */
const valuesError = /^(Out of Range|Conversion|Invalid Input|Arithmetic) Error/;

/** Rows without the groups on which an aggregate function fails, and what became of those. */
export interface Groupable {
  readonly input: Relation;
  /** One reject for each group, into which its other rows are merged. */
  readonly taken: Taken;
}

/**
 * Sets aside the groups on which an aggregate function itself fails, as `stddev` does where a number is infinite. They are
 * found by halving, for DuckDB says only that there are some. Throws what was thrown where values are not to blame, or
 * where too many groups fail.
 */
export async function withoutFailingGroups(
  { session, rejects, node, shape, input }: StepInput<GroupShape>,
  cause: Error,
): Promise<Groupable> {
  if (!valuesError.test(cause.message)) throw cause;
  const keys = shape.keys.map(({ expression }) => expression.sql);
  // Of the hash's other bits DuckDB makes its own parts.
  const hash = keys.length > 0 ? `(hash(${keys.join(', ')}) >> 8)` : '0::UBIGINT';
  const failing: string[] = [];
  const halves = async (bits: number, part: bigint): Promise<void> => {
    const where = `${hash} & ${(1n << BigInt(bits)) - 1n}::UBIGINT = ${part}::UBIGINT`;
    const rows = { ...input, name: `(SELECT * FROM ${input.name} WHERE ${where})` };
    if (!(await fails(rows))) return;
    const [groups] = await session.counts(
      keys.length > 0 ? `SELECT count(*) FROM (SELECT DISTINCT ${keys.join(', ')} FROM ${rows.name})` : 'SELECT 1',
    );
    if (groups === 1) {
      failing.push(where);
      if (failing.length > mostGroups) throw cause;
      return;
    }
    // Groups of one hash could not be told apart.
    if (bits === 48) throw cause;
    await halves(bits + 1, part);
    await halves(bits + 1, part | (1n << BigInt(bits)));
  };
  const fails = async (rows: Relation) => {
    const probe = quoted(`probe ${node.id}`);
    try {
      const { select } = await groupsOf(session, shape, rows);
      await session.run(`CREATE TABLE ${probe} AS ${select}`);
      await session.run(`DROP TABLE ${probe}`);
      return false;
    } catch (error) {
      session.throwIfStopped();
      if (!valuesError.test((error as Error).message)) throw error;
      return true;
    }
  };
  await halves(0, 0n);
  const failed = failing.join(' OR ') || 'false';
  const columns = shape.keys.map(({ name, expression }) => `${expression.sql} AS ${quoted(name)}`);
  const weight = input.merged ? `sum(${weightColumn})` : 'count(*)';
  const groups = quoted(`failed groups ${node.id}`);
  const by = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  await session.run(
    `CREATE TABLE ${groups} AS SELECT ${[...columns, `${weight}::BIGINT AS __of`, `min(${rowColumn}) AS ${rowColumn}`].join(', ')} FROM ${input.name} WHERE ${failed}${by}`,
  );
  const [rows] = await session.counts(`SELECT coalesce(sum(__of), 0) FROM ${groups}`);
  const own = node.columns.filter(({ name }) => shape.keys.some((key) => key.name === name));
  const name = shape.keys[0]?.name ?? 'group';
  const taken = await rejects.take(
    node.id,
    rowsBySource({ ...input, name: groups }),
    [
      {
        rule: 'group can be computed',
        column: name,
        bad: 'true',
        value: shape.keys.length > 0 ? quoted(name) : 'NULL',
        message: `is the key of rows that cannot be aggregated: ${cause.message.split('\n')[0]}`,
      },
    ],
    { made: rowAsJson(own), allBad: true },
  );
  const left = { ...input, name: `(SELECT * FROM ${input.name} WHERE NOT (${failed}))`, rows: input.rows - rows! };
  return { input: left, taken };
}
