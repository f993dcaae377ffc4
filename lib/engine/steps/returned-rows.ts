import type { DuckDBAppender, DuckDBType } from '@duckdb/node-api';
import type { Column } from '../../component/plan.ts';
import { quoted } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { type CallResult, type Crossing, crossingOf, crossings } from './call-values.ts';

/** Rows as they came back, and the types that their values have already. */
export interface Returned {
  /** SQL of them: the columns, `__error` and the row id, as it stands behind FROM. */
  readonly from: string;
  readonly types: Readonly<Record<string, string>>;
  readonly rows: number;
}

type Driver = typeof import('@duckdb/node-api');

/**
 * Tables of what a user's function returned. A row whose values all are what their columns ask for crosses over in whole
 * vectors, numbers as 64-bit floats, which costs a tenth of a call for each value. Any other row crosses as text, with
 * its error if it has one, and is held against its columns as if a source had sent it.
 */
export class ReturnedRows {
  readonly #columns: readonly Column[];
  readonly #crossings: readonly Crossing[];
  readonly #exact: string;
  readonly #others: string;
  readonly #forked: boolean;
  readonly #driver: Driver;
  readonly #types: readonly DuckDBType[];
  readonly #appender: DuckDBAppender;
  readonly #otherAppender: DuckDBAppender;
  #exactRows = 0;
  #otherRows = 0;

  private constructor(step: ReturnedStep, driver: Driver, appenders: readonly [DuckDBAppender, DuckDBAppender]) {
    this.#columns = step.columns;
    this.#crossings = step.columns.map(({ type }) => crossingOf(type));
    [this.#exact, this.#others] = tablesOf(step);
    this.#forked = step.forked ?? false;
    this.#driver = driver;
    const { DOUBLE, VARCHAR, BIGINT } = driver;
    this.#types = [
      ...this.#crossings.map((crossing) => (crossing === 'text' ? VARCHAR : DOUBLE)),
      step.forked ? VARCHAR : BIGINT,
    ];
    [this.#appender, this.#otherAppender] = appenders;
  }

  static async open(session: Session, step: ReturnedStep): Promise<ReturnedRows> {
    const driver = await import('@duckdb/node-api');
    const writer = await session.connect();
    const [exact, others] = tablesOf(step);
    const row = `${rowColumn} ${step.forked ? 'VARCHAR' : 'BIGINT'}`;
    const crossing = ({ name, type }: Column) =>
      `${quoted(name)} ${crossingOf(type) === 'text' ? 'VARCHAR' : 'DOUBLE'}`;
    const texts = step.columns.map(({ name }) => `${quoted(name)} VARCHAR`);
    await session.run(`CREATE TABLE ${quoted(exact)} (${[...step.columns.map(crossing), row].join(', ')})`);
    await session.run(`CREATE TABLE ${quoted(others)} (${[...texts, '__error VARCHAR', row].join(', ')})`);
    return new ReturnedRows(step, driver, [await writer.createAppender(exact), await writer.createAppender(others)]);
  }

  /**
   * @param results of a vector at the most
   * @param ids of the rows that were given, in the same order
   */
  append(results: readonly CallResult[], ids: readonly (bigint | string)[]): void {
    const exact: (readonly (number | string | null)[])[] = [];
    const exactIds: (bigint | string)[] = [];
    for (const [index, result] of results.entries()) {
      if ('values' in result) {
        exact.push(result.values);
        exactIds.push(ids[index]!);
      } else this.#appendOther(result, ids[index]!);
    }
    if (exact.length === 0) return;
    const chunk = this.#driver.DuckDBDataChunk.create(this.#types, exact.length);
    for (let column = 0; column < this.#columns.length; column++)
      chunk.setColumnValues(
        column,
        exact.map((values) => values[column]!),
      );
    chunk.setColumnValues(this.#columns.length, exactIds);
    this.#appender.appendDataChunk(chunk);
    this.#exactRows += exact.length;
  }

  #appendOther(result: Exclude<CallResult, { values: unknown }>, row: bigint | string): void {
    const appender = this.#otherAppender;
    for (let index = 0; index < this.#columns.length; index++)
      appendText(appender, 'texts' in result ? result.texts[index] : undefined);
    appendText(appender, 'error' in result ? result.error : undefined);
    if (typeof row === 'string') appender.appendVarchar(row);
    else appender.appendBigInt(row);
    appender.endRow();
    this.#otherRows++;
  }

  /** Ends the appending. */
  close(): readonly Returned[] {
    this.#appender.closeSync();
    this.#otherAppender.closeSync();
    const values = this.#columns.map(({ name }, index) => {
      return `${crossings[this.#crossings[index]!].value(quoted(name))} AS ${quoted(name)}`;
    });
    const exactTypes = this.#columns.map(({ name }, index) => [name, crossings[this.#crossings[index]!].type]);
    const row = this.#forked ? `${rowColumn}::BIGINT[] AS ${rowColumn}` : rowColumn;
    const names = this.#columns.map(({ name }) => quoted(name));
    return [
      {
        from: `(SELECT ${[...values, 'NULL::VARCHAR AS __error', row].join(', ')} FROM ${quoted(this.#exact)})`,
        types: Object.fromEntries(exactTypes),
        rows: this.#exactRows,
      },
      {
        from: `(SELECT ${[...names, '__error', row].join(', ')} FROM ${quoted(this.#others)})`,
        types: Object.fromEntries(this.#columns.map(({ name }) => [name, 'VARCHAR'])),
        rows: this.#otherRows,
      },
    ];
  }
}

export interface ReturnedStep {
  readonly node: string;
  /** Of the rows that come back. */
  readonly columns: readonly Column[];
  /** True where a row's id is a list. */
  readonly forked?: boolean;
}

/** Names of the table for exact rows and that for all others. */
function tablesOf({ node }: ReturnedStep): [string, string] {
  return [`returned ${node}`, `returned as text ${node}`];
}

function appendText(appender: DuckDBAppender, value: string | undefined): void {
  if (value === undefined) appender.appendNull();
  else appender.appendVarchar(value);
}
