import { type GroupShape, quoted } from '../../component/shape.ts';
import type { TypedCall } from '../aggregates/aggregate-states.ts';
import type { KnownStates, Measured } from '../aggregates/group-query.ts';
import { heldBytes, resultOfHot, usualBytes } from '../aggregates/held-values.ts';
import type { Taken } from '../rejects.ts';
import { columnList, type Relation, rowColumn, rowsBySource } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { columnsUsed } from './columns-used.ts';
import type { StepInput } from './step.ts';

/** Groups that are worked out together. */
export interface GroupPart {
  readonly input: Relation;
  readonly known: KnownStates;
}

export interface GroupParts {
  readonly parts: readonly GroupPart[];
  /** Groups with more values than can be held, one reject each. */
  readonly taken: Taken;
}

const nothing: Taken = { rejected: 0, rules: {} };

/**
 * Parts the groups so that what functions such as `median` and `list` hold of those that are worked out together has room:
 * DuckDB can spill none of it. Of one group that is too large by itself, quantiles are found by sorting; where a list or
 * the like would be too large, the group is a reject.
 * @param room bytes
 */
export async function groupParts(
  { session, rejects, node, shape, input }: StepInput<GroupShape>,
  measured: Measured,
  room: number,
): Promise<GroupParts> {
  const whole: GroupParts = { parts: [{ input, known: new Map() }], taken: nothing };
  const holding = measured.flatMap(({ name, calls }) =>
    calls.flatMap((call) => {
      const bytes = heldBytes(call);
      return bytes === undefined ? [] : [{ measure: name, call, bytes }];
    }),
  );
  const most = holding.reduce((sum, { call }) => sum + usualBytes(call), 0);
  if (input.merged || input.rows * most <= room) return whole;
  const [sizes, rows, failed] = ['sizes', 'rows', 'failed'].map((prefix) => session.newName(prefix)) as [
    string,
    string,
    string,
  ];
  const keys = shape.keys.map(({ expression }, index) => ({ sql: expression.sql, as: `__key_${index}` }));
  const own = keys.map(({ sql, as }) => `${sql} AS ${as}`);
  const held = holding.map(({ bytes }, index) => `${bytes} AS __held_${index}`);
  const by = keys.length > 0 ? ` GROUP BY ${keys.map(({ sql }) => sql).join(', ')}` : '';
  await session.run(
    `CREATE TABLE ${sizes} AS SELECT *, ${held.map((_, index) => `__held_${index}`).join(' + ')} AS __bytes FROM (SELECT ${[...own, ...held, 'count(*) AS __of', `min(${rowColumn}) AS ${rowColumn}`].join(', ')} FROM ${input.name}${by} HAVING count(*) > 0)`,
  );
  const [all] = await session.counts(`SELECT sum(__bytes) FROM ${sizes}`);
  if (all! <= room) return whole;
  const same = keys.map(({ sql, as }) => `${as} IS NOT DISTINCT FROM ${sql}`).join(' AND ') || 'true';
  await session.run(
    `CREATE OR REPLACE TABLE ${sizes} AS SELECT *, CASE WHEN __bytes > ${room} THEN -row_number() OVER (PARTITION BY __bytes > ${room} ORDER BY ${rowColumn}) ELSE (sum(__bytes) OVER (PARTITION BY __bytes > ${room} ORDER BY ${rowColumn}) / ${room})::BIGINT END AS __part FROM ${sizes}`,
  );
  const used = await columnsUsed(session, shape, input.columns);
  await session.run(
    `CREATE TABLE ${rows} AS SELECT ${columnList(used, `${input.name}.${rowColumn}`, '__part')} FROM ${input.name} JOIN (SELECT * EXCLUDE (${rowColumn}) FROM ${sizes}) ON ${same} ORDER BY __part`,
  );
  const parts: GroupPart[] = [];
  const found = await session.rows(
    `SELECT __part, sum(__of)::DOUBLE AS n, ${held.map((_, index) => `max(__held_${index})::DOUBLE AS held_${index}`).join(', ')} FROM ${sizes} GROUP BY __part ORDER BY __part`,
  );
  const lost: { part: number; call: (typeof holding)[number] }[] = [];
  for (const one of found) {
    const part = Number(one.__part);
    const some = `(SELECT * FROM ${rows} WHERE __part = ${part})`;
    const hot = part < 0 ? holding.filter((_, index) => one[`held_${index}`] > room / holding.length) : [];
    const known = new Map<string, string>();
    let beyond: (typeof holding)[number] | undefined;
    for (const each of hot) {
      const result = await resultOfHot({ session, call: each.call, rows: some });
      if (result === undefined) beyond ??= each;
      else known.set(stateName(each.call), `any_value(${result})`);
    }
    if (beyond) lost.push({ part, call: beyond });
    else parts.push({ input: { ...input, name: some, rows: Number(one.n) }, known });
  }
  if (lost.length === 0) return { parts, taken: nothing };
  const names = shape.keys.map(({ name }, index) => `__key_${index} AS ${quoted(name)}`);
  await session.run(
    `CREATE TABLE ${failed} AS SELECT ${[...names, '__part', '__of', '__bytes', rowColumn].join(', ')} FROM ${sizes} WHERE __part IN (${lost.map(({ part }) => part).join(', ')})`,
  );
  const checks = lost.map(({ part, call: { measure, call } }) => ({
    rule: `${measure} can be computed`,
    column: measure,
    bad: `__part = ${part}`,
    value: "__of || ' rows'",
    message: `are more than ${call.name}() can hold in the memory of the function`,
  }));
  const taken = await rejects.take(node.id, rowsBySource({ ...input, name: failed }), checks, {
    made: rowAsJson(node.columns.filter(({ name }) => shape.keys.some((key) => key.name === name))),
    allBad: true,
  });
  return { parts, taken };
}

/** Of what keeps its values: it has one state. */
function stateName({ prefix }: TypedCall): string {
  return `${prefix}value`;
}
