import { type CallShape, quoted } from '../../component/shape.ts';
import { typedFields } from '../field-check.ts';
import { stepCount } from '../ledger.ts';
import { anyBad, type Check } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { BatchCaller } from './batch-caller.ts';
import { columnsMaker, givenSql, returnedColumn, rowMaker } from './call-values.ts';
import { type Returned, ReturnedRows } from './returned-rows.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * Takes rows out to the user's function and its rows in again: the same checks as for a source decide whether what came
 * back is what was declared. A throw rejects the row.
 */
export async function call(step: StepInput<CallShape>): Promise<StepResult> {
  const { session, node, input } = step;
  const { called, returned, milliseconds } = await callRows(step);
  if (called !== input.rows) throw new TypeError(`step ${node.id} read ${called} of ${input.rows} rows`);
  let rejected = 0;
  const rules: Record<string, number> = {};
  const parts: Checked[] = [];
  for (const one of returned.filter(({ rows }) => rows > 0)) {
    const part = await check(step, one);
    rejected += part.rejected;
    for (const [rule, rows] of Object.entries(part.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
    parts.push(part);
  }
  const relation = relationOf(node, input.rows - rejected, input);
  const rows = parts.map(({ select }) => select).join(' UNION ALL ') || emptySelect(step, returned);
  // What is as it was declared already need not be copied.
  const kind = parts.every(({ isReady }) => isReady) ? 'VIEW' : 'TABLE';
  await session.run(`CREATE ${kind} ${relation.name} AS ${rows}`);
  const count = stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, rules });
  return { relation, count, callMilliseconds: milliseconds };
}

interface Checked {
  readonly select: string;
  readonly rejected: number;
  readonly rules: Readonly<Record<string, number>>;
  /** True where selecting them computes next to nothing. */
  readonly isReady: boolean;
}

/** Sets aside the rows that are not what was declared. */
async function check(
  { rejects, node, shape, input }: StepInput<CallShape>,
  { from, types }: Returned,
): Promise<Checked> {
  const { select, checks: fieldChecks } = typedFields(shape.columns, types);
  const thrown: Check = {
    rule: 'function returns',
    column: 'row',
    bad: '__error IS NOT NULL',
    value: '__error',
    message: 'was thrown',
    ofRow: true,
  };
  // A row that threw has no values; its missing columns are no further reasons.
  const checks = [thrown, ...fieldChecks.map((check) => ({ ...check, bad: `__error IS NULL AND (${check.bad})` }))];
  const typed = `(SELECT ${select}, __error, ${rowColumn} FROM ${from}) __returned`;
  const bySource = `(SELECT ${select}, __error, ${rowColumn} AS __given, ${rowColumn}[1] AS ${rowColumn} FROM ${from}) __returned`;
  const same = `__before.${rowColumn} = __returned.${input.forked ? '__given' : rowColumn}`;
  const seen = `(SELECT ${rowAsJson(input.columns)} FROM ${input.name} __before WHERE ${same})`;
  const { rejected, rules } = await rejects.take(node.id, input.forked ? bySource : typed, checks, { seen });
  const good = rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  return {
    select: `SELECT ${columnList(shape.columns, rowColumn)} FROM ${typed}${good}`,
    rejected,
    rules,
    isReady: rejected === 0 && shape.columns.every(({ name, type }) => types[name] === type),
  };
}

function emptySelect({ shape }: StepInput<CallShape>, [first]: readonly Returned[]): string {
  const columns = shape.columns.map(({ name, type }) => `${quoted(name)}::${type} AS ${quoted(name)}`);
  return `SELECT ${[...columns, rowColumn].join(', ')} FROM ${first!.from}`;
}

/** Calls the function for each row; tells how many rows there were, and what came back. */
async function callRows({ session, node, shape, input, call: userFunction }: StepInput<CallShape>) {
  if (!userFunction) throw new TypeError(`step ${node.id} has no function: was the worker bundled with its pipeline?`);
  const { JSDuckDBValueConverter } = await import('@duckdb/node-api');
  const reader = await session.connect();
  const back = await ReturnedRows.open(session, { node: node.id, columns: shape.columns, forked: input.forked });
  const names = input.columns.map((column) => column.name);
  const [makeRow, makeColumns] = [rowMaker(names), columnsMaker(names)];
  const returns = shape.columns.map(returnedColumn);
  const caller = new BatchCaller({ userFunction, returns }, node.id, shape.deadlineSeconds);
  let called = 0;
  let milliseconds = 0;
  const result = await reader.stream(
    `SELECT ${[...input.columns.map(givenSql), input.forked ? `${rowColumn}::VARCHAR` : rowColumn].join(', ')} FROM ${input.name}`,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    session.throwIfStopped();
    // Without the query that makes the rows: that is the work of the steps before.
    const start = performance.now();
    const columns = chunk.convertColumns(JSDuckDBValueConverter);
    const ids = columns.at(-1) as readonly (bigint | string)[];
    back.append(
      shape.per === 'batch'
        ? caller.callBatch(ids.length, (from, to) => makeColumns(columns, from, to))
        : caller.call(ids.length, (index) => makeRow(columns, index)),
      ids,
    );
    called += ids.length;
    milliseconds += performance.now() - start;
  }
  return { called, returned: back.close(), milliseconds };
}
