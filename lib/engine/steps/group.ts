import { type GroupShape, quoted } from '../../component/shape.ts';
import { groupsFrom, type Measured, measuresOf, mergedGroups } from '../aggregates/group-query.ts';
import { stepCount } from '../ledger.ts';
import type { Taken } from '../rejects.ts';
import { type Relation, relationName, rowColumn, rowsNaming } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { columnsUsed } from './columns-used.ts';
import { withoutFailingGroups } from './failing-groups.ts';
import { withoutThose } from './failing-rows.ts';
import { groupParts } from './group-parts.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * A table: groups are few, and are read more than once. A group is named by the first of its rows. One whose results a
 * measure cannot use, as `sum(n)::TINYINT` of a large sum, becomes a reject: its other rows are merged into that.
 */
export async function group(given: StepInput<GroupShape>): Promise<StepResult> {
  const step = await withoutUnused(given);
  const { session, rejects, node, shape, input } = step;
  const name = quoted(`groups ${node.id}`);
  const measured = await measuresOf(session, shape, input);
  const made = groupsFrom(shape, measured, input);
  const failed = await makeGroups(step, measured, name);
  const { results, values, roomless } = made;
  const keys = node.columns.filter((column) => shape.keys.some(({ name }) => name === column.name));
  const measures = shape.measures.map(({ name, expression }, index) => ({
    sql: values[index]!.sql,
    rule: `${name} can be computed`,
    use: `${name} = ${expression.shown ?? expression.sql}`,
    shows: { column: name, value: values[index]!.first === undefined ? 'NULL' : quoted(values[index]!.first) },
  }));
  const uses = new Map(measures.map(({ rule, use }, index) => [shape.measures[index]!.name, { rule, use }]));
  const beyond = roomless.map(({ name, when, near }) => ({
    ...uses.get(name)!,
    // A cast that fails: DuckDB has no other failure that TRY takes.
    sql: `CASE WHEN ${when} THEN ('no room for ' || ${near})::BOOLEAN END`,
    shows: { column: name, value: near },
  }));
  const [rows] = await session.counts(`SELECT count(*) FROM ${name}`);
  const called = new Map(results.map((one) => [one.call, { ...one, name: one.call, sql: quoted(one.name) }]));
  const { input: groups, taken } = await withoutThose({
    session,
    rejects,
    node,
    input: { ...input, name, columns: [...keys, ...results], rows: rows! },
    computed: [...beyond, ...measures],
    kept: { made: rowAsJson([...keys, ...called.values()]) },
    of: `groups of ${node.id}`,
  });
  const columns = [
    ...shape.keys.map((key) => quoted(key.name)),
    ...values.map((value) => `(${value.sql}) AS ${quoted(value.name)}`),
    rowColumn,
  ];
  const relation = relationOf(node, groups.rows, { ...input, slow: false });
  await session.run(`CREATE VIEW ${relationName(node.id)} AS SELECT ${columns.join(', ')} FROM ${groups.name}`);
  const rejected = failed.rejected + taken.rejected;
  const merged = input.rows - groups.rows - rejected;
  const rule =
    shape.keys.length > 0 ? `group by ${shape.keys.map((one) => one.name).join(', ')}` : 'one group of all rows';
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: groups.rows,
      merged,
      rejected,
      rules: { ...(merged > 0 && { [rule]: merged }), ...failed.rules, ...taken.rules },
    }),
  };
}

/** Makes a table of the groups; those that cannot be worked out are set aside. */
async function makeGroups(step: StepInput<GroupShape>, measured: Measured, table: string): Promise<Taken> {
  const { session, shape } = step;
  // A quarter of what DuckDB may fill: values that cannot be spilled stand beside all else.
  const { parts, taken } = await groupParts(step, measured, Math.floor(session.memoryBytes / 4));
  const all = [taken];
  let made = false;
  const put = async (select: string) => {
    await session.run(made ? `INSERT INTO ${table} ${select}` : `CREATE TABLE ${table} AS ${select}`);
    made = true;
  };
  for (const { input, known } of parts) {
    const make = (rows: Relation) => put(groupsFrom(shape, measured, rows, known).select);
    try {
      await make(input);
    } catch (cause) {
      session.throwIfStopped();
      const without = await withoutFailingGroups({ ...step, input }, measured, cause as Error);
      all.push(without.taken);
      await make(without.input);
    }
  }
  const none = { ...step.input, name: `(SELECT * FROM ${step.input.name} LIMIT 0)` };
  if (!made) await put(groupsFrom(shape, measured, none).select);
  return addedUp(all);
}

function addedUp(all: readonly Taken[]): Taken {
  const rules: Record<string, number> = {};
  for (const taken of all)
    for (const [rule, rows] of Object.entries(taken.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
  return { rejected: all.reduce((sum, { rejected }) => sum + rejected, 0), rules };
}

/** A lookup whose columns no key and no measure names takes half of the time to group. */
async function withoutUnused(step: StepInput<GroupShape>): Promise<StepInput<GroupShape>> {
  const { session, shape, input } = step;
  if (!input.widened) return step;
  const used = await columnsUsed(session, shape, input.columns);
  const name = rowsNaming(
    input,
    used.map((column) => column.name),
  );
  return { ...step, input: { ...input, name } };
}

/** The groups of a chunk, to travel in the place of its rows. */
export async function groupEarly(step: StepInput<GroupShape>): Promise<string> {
  const { session, shape, input } = await withoutUnused(step);
  return mergedGroups(session, shape, input);
}
