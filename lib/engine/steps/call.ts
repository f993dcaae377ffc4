import type { DuckDBAppender } from '@duckdb/node-api';
import { type CallShape, quoted } from '../../component/shape.ts';
import { fieldSql } from '../field-check.ts';
import { stepCount } from '../ledger.ts';
import { anyBad, type Check, rowAsJson } from '../rejects.ts';
import { columnList, rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/**
 * Takes rows out to the user's function and its rows in again, as text: the same checks as for a source decide whether
 * what came back is what was declared. A throw rejects the row.
 */
export async function call({
  session,
  rejects,
  node,
  shape,
  input,
  call: userFunction,
}: StepInput<CallShape>): Promise<StepResult> {
  if (!userFunction) throw new TypeError(`step ${node.id} has no function: was the worker bundled with its pipeline?`);
  const name = relationOf(node, 0).name;
  const staging = `returned ${node.id}`;
  const columns = shape.columns.map((column) => `${quoted(column.name)} VARCHAR`);
  await session.run(
    `CREATE TABLE ${quoted(staging)} (${[...columns, '__error VARCHAR', `${rowColumn} BIGINT`].join(', ')})`,
  );

  const reader = await session.connect();
  const writer = await session.connect();
  try {
    const appender = await writer.createAppender(staging);
    const result = await reader.stream(
      `SELECT ${columnList(input.columns, `${rowColumn}::VARCHAR`)} FROM ${input.name}`,
    );
    const names = input.columns.map((column) => column.name);
    for await (const rows of result.yieldRowsJs()) {
      for (const values of rows)
        append(appender, { values, names, returns: shape.columns.map((column) => column.name), userFunction });
    }
    appender.closeSync();
  } finally {
    reader.closeSync();
    writer.closeSync();
  }

  const fields = shape.columns.map((column) => ({
    name: column.name,
    ...fieldSql({ ...column, rules: [] }, 'VARCHAR'),
  }));
  const thrown: Check = {
    rule: 'function returns',
    column: 'row',
    bad: '__error IS NOT NULL',
    value: '__error',
    message: 'was thrown',
  };
  // A row that threw has no values; its missing columns are no further reasons.
  const checks = [
    thrown,
    ...fields.flatMap((field) =>
      field.checks.map((check) => ({ ...check, bad: `__error IS NULL AND (${check.bad})` })),
    ),
  ];
  const before = rejects.count;
  const raw = `(SELECT ${rowAsJson(input.columns)} FROM ${input.name} given WHERE given.${rowColumn} = returned.${rowColumn})`;
  const rules = await rejects.take(node.id, `${quoted(staging)} returned`, checks, raw);
  const rejected = rejects.count - before;
  const typed = fields.map((field) => `${field.value} AS ${quoted(field.name)}`);
  await session.run(
    `CREATE TABLE ${name} AS SELECT ${[...typed, rowColumn].join(', ')} FROM ${quoted(staging)} WHERE NOT (${anyBad(checks)})`,
  );
  const [read] = await session.counts(`SELECT count(*) FROM ${quoted(staging)}`);
  if (read !== input.rows) throw new TypeError(`step ${node.id} read ${read} of ${input.rows} rows`);
  await session.run(`DROP TABLE ${quoted(staging)}`);
  const relation = relationOf(node, input.rows - rejected);
  return { relation, count: stepCount(node.id, { rowsIn: input.rows, rowsOut: relation.rows, rejected, rules }) };
}

interface RowCall {
  readonly values: readonly unknown[];
  readonly names: readonly string[];
  readonly returns: readonly string[];
  readonly userFunction: (row: any) => unknown;
}

function append(appender: DuckDBAppender, { values, names, returns, userFunction }: RowCall): void {
  const row: Record<string, unknown> = Object.create(null);
  for (const [index, name] of names.entries()) row[name] = friendly(values[index]);
  let returned: Record<string, unknown> | undefined;
  let error: string | undefined;
  try {
    const value = userFunction(row);
    if (typeof value !== 'object' || value === null)
      throw new TypeError(`the function returned ${value === null ? 'null' : typeof value}, not a row`);
    returned = value as Record<string, unknown>;
  } catch (cause) {
    error = String((cause as Error)?.message ?? cause);
  }
  for (const name of returns) appendText(appender, text(returned?.[name]));
  appendText(appender, error);
  appender.appendBigInt(BigInt(values.at(-1) as string));
  appender.endRow();
}

function appendText(appender: DuckDBAppender, value: string | undefined): void {
  if (value === undefined) appender.appendNull();
  else appender.appendVarchar(value);
}

/** Integers arrive as numbers as long as they are exact. */
function friendly(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return value;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
