import type { DuckDBAppender } from '@duckdb/node-api';
import { type CallShape, quoted } from '../../component/shape.ts';
import { typedFields } from '../field-check.ts';
import { stepCount } from '../ledger.ts';
import { anyBad, type Check } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { BatchCaller } from './batch-caller.ts';
import { type CallResult, givenSql, rowMaker } from './call-values.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * Takes rows out to the user's function and its rows in again, as text: the same checks as for a source decide whether
 * what came back is what was declared. A throw rejects the row.
 */
export async function call(step: StepInput<CallShape>): Promise<StepResult> {
  const { session, rejects, node, shape, input } = step;
  const staging = `returned ${node.id}`;
  const columns = shape.columns.map((column) => `${quoted(column.name)} VARCHAR`);
  await session.run(
    `CREATE TABLE ${quoted(staging)} (${[...columns, '__error VARCHAR', `${rowColumn} ${input.forked ? 'VARCHAR' : 'BIGINT'}`].join(', ')})`,
  );
  const called = await callRows(step, staging);
  if (called !== input.rows) throw new TypeError(`step ${node.id} read ${called} of ${input.rows} rows`);

  const types = Object.fromEntries(shape.columns.map((column) => [column.name, 'VARCHAR']));
  const { select, checks: fieldChecks } = typedFields(shape.columns, types);
  const thrown: Check = {
    rule: 'function returns',
    column: 'row',
    bad: '__error IS NOT NULL',
    value: '__error',
    message: 'was thrown',
  };
  // A row that threw has no values; its missing columns are no further reasons.
  const checks = [thrown, ...fieldChecks.map((check) => ({ ...check, bad: `__error IS NULL AND (${check.bad})` }))];
  const given = input.forked ? `${rowColumn}::BIGINT[]` : rowColumn;
  const typed = `(SELECT ${select}, __error, ${given} AS ${rowColumn} FROM ${quoted(staging)}) returned`;
  const bySource = `(SELECT ${select}, __error, ${given} AS __given, ${given}[1] AS ${rowColumn} FROM ${quoted(staging)}) returned`;
  const same = `given.${rowColumn} = returned.${input.forked ? '__given' : rowColumn}`;
  const seen = `(SELECT ${rowAsJson(input.columns)} FROM ${input.name} given WHERE ${same})`;
  const { rejected, rules } = await rejects.take(node.id, input.forked ? bySource : typed, checks, { seen });
  const relation = relationOf(node, input.rows - rejected, input);
  const good = rejected > 0 ? ` WHERE NOT (${anyBad(checks)})` : '';
  await session.run(
    `CREATE TABLE ${relation.name} AS SELECT ${columnList(shape.columns, rowColumn)} FROM ${typed}${good}`,
  );
  await session.run(`DROP TABLE ${quoted(staging)}`);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, rules }) };
}

/** Calls the function for each row and appends what it returns to the staging table; tells how many rows there were. */
async function callRows(
  { session, node, shape, input, call: userFunction }: StepInput<CallShape>,
  staging: string,
): Promise<number> {
  if (!userFunction) throw new TypeError(`step ${node.id} has no function: was the worker bundled with its pipeline?`);
  const { JSDuckDBValueConverter } = await import('@duckdb/node-api');
  const reader = await session.connect();
  const writer = await session.connect();
  const appender = await writer.createAppender(staging);
  const makeRow = rowMaker(input.columns.map((column) => column.name));
  const returns = shape.columns.map((column) => column.name);
  const caller = new BatchCaller({ userFunction, returns }, node.id, shape.deadlineSeconds);
  let rows = 0;
  const result = await reader.stream(
    `SELECT ${[...input.columns.map(givenSql), input.forked ? `${rowColumn}::VARCHAR` : rowColumn].join(', ')} FROM ${input.name}`,
  );
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    session.throwIfStopped();
    const columns = chunk.convertColumns(JSDuckDBValueConverter);
    const ids = columns.at(-1) as readonly (bigint | string)[];
    const results = caller.call(ids.length, (index) => makeRow(columns, index));
    for (const [index, result] of results.entries())
      append(appender, result, { returns: returns.length, row: ids[index]! });
    rows += ids.length;
  }
  appender.closeSync();
  return rows;
}

function append(
  appender: DuckDBAppender,
  result: CallResult,
  { returns, row }: { readonly returns: number; readonly row: bigint | string },
): void {
  for (let index = 0; index < returns; index++)
    appendText(appender, 'texts' in result ? result.texts[index] : undefined);
  appendText(appender, 'error' in result ? result.error : undefined);
  if (typeof row === 'string') appender.appendVarchar(row);
  else appender.appendBigInt(row);
  appender.endRow();
}

function appendText(appender: DuckDBAppender, value: string | undefined): void {
  if (value === undefined) appender.appendNull();
  else appender.appendVarchar(value);
}
