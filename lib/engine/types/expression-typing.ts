import { ColumnUnknownError } from '../../component/errors.ts';
import type { Column } from '../../component/plan.ts';
import { type Expression, quoted } from '../../component/shape.ts';
import { hasNamelessMembers } from '../../component/struct-type.ts';
import type { ErrorParts } from '../../core/errors/penstock-error.ts';
import { nearest } from '../../core/nearest.ts';
import { bindingFault, meantText } from '../binding-fault.ts';
import { sameName } from '../column-names.ts';
import { constantFault } from '../constant-faults.ts';
import { ExpressionInvalidError, type ParsedExpression, parseExpression } from '../expression.ts';
import { openKeys } from '../keys.ts';
import { missingQuotes } from '../missing-quotes.ts';
import type { Session } from '../session.ts';
import { TypingError } from '../typing-error.ts';
import { isUnknown, unknownType } from './unknown-type.ts';

/** What an expression gives over columns. */
export interface TypedExpression {
  readonly type: string;
  readonly parsed: ParsedExpression;
  /** True where it has a value for a group of rows, not for each row. */
  readonly aggregates: boolean;
}

/** Begins the names of tables that hold no rows and may be left behind. */
export const typingTable = 'typing_';

interface TypingTable {
  readonly name: string;
  /** As it was made with. */
  readonly columns: string;
  readonly made: Promise<void>;
  users: number;
}

/** Types single expressions by preparing them on tables without rows. What cannot stand is a `TypingError`. */
export class ExpressionTyping {
  readonly #session: Session;
  #tables = 0;
  #table: TypingTable | undefined;
  /** Of the function that hashes under secrets; few steps need it. */
  #keys: Promise<void> | undefined;
  readonly #parameters: readonly string[];
  /** Parameters that some expression takes. */
  readonly taken = new Set<string>();

  /** @param parameters names of those that the session has */
  constructor(session: Session, parameters: readonly string[] = []) {
    this.#session = session;
    this.#parameters = parameters;
  }

  /** True once the session can hash under secrets, which stays so for good. */
  get hasKeys(): boolean {
    return this.#keys !== undefined;
  }

  /** @param wanted the type that it must give; default: any */
  async typeOf(expression: Expression, input: readonly Column[], wanted?: string): Promise<TypedExpression> {
    const parsed = await this.resolve(expression, input);
    // Whatever a mistake before it should have given, this may be right.
    if (input.some((column) => isUnknown(column) && parsed.columns.includes(column.name)))
      return { type: unknownType, parsed, aggregates: false };
    return this.onTable(input, async (table) => {
      const type = await this.describe(expression, `(${expression.sql}\n)`, table, input);
      if (wanted !== undefined && type !== wanted)
        throw this.fault(expression, `it gives ${type}`, `an expression that gives ${wanted}`);
      return { type, parsed, aggregates: await this.#isAggregate(expression, table) };
    });
  }

  /** Parses an expression; its columns as the input writes them. */
  async resolve(expression: Expression, input: readonly Column[]): Promise<ParsedExpression> {
    const parsed = await this.parse(expression, input);
    const columns = parsed.columns.map((name) => {
      const column = input.find((one) => sameName(one.name, name));
      if (!column) throw this.#unknown(name, expression, input);
      return column.name;
    });
    return { ...parsed, columns: [...new Set(columns)] };
  }

  /** Parses an expression, which may name any columns. */
  async parse(expression: Expression, columns: readonly Pick<Column, 'name'>[]): Promise<ParsedExpression> {
    if (expression.secret !== undefined) {
      this.#keys ??= openKeys(this.#session, {});
      await this.#keys;
    }
    let parsed: ParsedExpression;
    try {
      parsed = await parseExpression(this.#session, expression.sql, expression.secret !== undefined);
    } catch (cause) {
      const quotes = await missingQuotes(this.#session, expression.sql, columns);
      throw new TypingError(quotes ?? (cause as Error), expression.path ?? []);
    }
    for (const name of parsed.parameters) this.#take(name, expression);
    return parsed;
  }

  #take(name: string, expression: Expression): void {
    if (this.#parameters.includes(name)) return void this.taken.add(name);
    const guess = nearest(name, this.#parameters);
    throw this.#refused(expression, {
      problem: `the pipeline has no parameter "${name}"`,
      received: name,
      allowed: this.#parameters.length > 0 ? this.#parameters : 'none: the pipeline declares no parameters',
      change: guess ? `did you mean "${guess}"?` : `declare it: parameters: { ${name}: <type> }`,
    });
  }

  /** Gives a table without rows for as long as it takes. Most expressions are about the same columns as the one before. */
  async onTable<T>(input: readonly Column[], work: (table: string) => Promise<T>): Promise<T> {
    const columns = [...input.map((column) => `${quoted(column.name)} ${column.type}`), '__row BIGINT'].join(', ');
    const table = this.#table?.columns === columns ? this.#table : this.#replace(columns);
    table.users++;
    try {
      await table.made;
      return await work(table.name);
    } finally {
      table.users--;
      if (table !== this.#table) await this.#drop(table);
    }
  }

  #replace(columns: string): TypingTable {
    const before = this.#table;
    const name = `${typingTable}${this.#tables++}`;
    const make = async () => {
      if (before) await this.#drop(before);
      await this.#session.run(`CREATE TABLE ${name} (${columns})`);
    };
    this.#table = { name, columns, users: 0, made: make() };
    return this.#table;
  }

  async #drop({ name, users }: TypingTable): Promise<void> {
    if (users === 0) await this.#session.run(`DROP TABLE IF EXISTS ${name}`);
  }

  /** The type of SQL that was made of an expression. */
  async describe(expression: Expression, sql: string, table: string, input: readonly Column[]): Promise<string> {
    let type: string;
    try {
      const [column] = await this.#session.columns(`SELECT ${sql} AS value FROM ${table}`);
      type = column!.type;
    } catch (cause) {
      const shown = expression.shown ?? expression.sql;
      const parts = await bindingFault(cause as Error, { sql: shown, session: this.#session });
      if (parts) throw this.#refused(expression, parts);
      throw this.fault(
        expression,
        said(cause as Error),
        expression.shown === undefined
          ? `an expression over ${input.map((one) => `${one.name} ${isUnknown(one) ? 'of unknown type' : one.type}`).join(', ')}`
          : 'what DuckDB can read here',
      );
    }
    if (expression.path && hasNamelessMembers(type))
      throw this.#refused(expression, {
        problem: `"${expression.shown ?? expression.sql}" gives a structure whose members have no names`,
        received: type,
        allowed: "structures with names, e.g. {'first': 1, 'second': 2}",
        change: 'name the members; one that has no name is reached by its place, e.g. pair[1]',
      });
    const bad = expression.path && (await constantFault(this.#session, `SELECT ${sql} FROM ${table}`));
    if (bad)
      throw this.#refused(expression, {
        problem: `"${expression.shown ?? expression.sql}" would fail on every row that needs it: '${bad.text}' is not a ${bad.type}`,
        received: `'${bad.text}'`,
        allowed: `a text that is a ${bad.type}`,
        change: 'correct the text',
      });
    return type;
  }

  /** Why an aggregate cannot stand where each row needs a value. */
  aggregate(expression: Expression): TypingError {
    return this.fault(
      expression,
      'it is an aggregate: it has a value for a group of rows, not for each row',
      'an expression over one row; aggregates go into aggregate({ measures })',
    );
  }

  /** An expression that cannot stand where it is. */
  fault(expression: Expression, why: string, allowed: string): TypingError {
    const shown = expression.shown ?? expression.sql;
    const problem = `"${shown}" cannot stand here: ${why}`;
    return this.#refused(expression, { problem, received: shown, allowed, change: 'rewrite the expression' });
  }

  /** Only an aggregate can stand beside a constant in a grouping without keys while no column does. */
  async #isAggregate({ sql }: Expression, table: string): Promise<boolean> {
    try {
      await this.#session.columns(`SELECT 1 FROM ${table} GROUP BY __row HAVING (${sql}\n) IS NULL`);
    } catch {
      return false;
    }
    try {
      await this.#session.columns(`SELECT 1 FROM ${table} WHERE (${sql}\n) IS NULL`);
      return false;
    } catch {
      return true;
    }
  }

  #unknown(name: string, { sql, path = [] }: Expression, input: readonly Column[]): TypingError {
    const text = meantText(name, sql, input);
    return new TypingError(text ? new ExpressionInvalidError(text) : new ColumnUnknownError(name, input), path);
  }

  #refused({ path = [] }: Expression, parts: ErrorParts): TypingError {
    return new TypingError(new ExpressionInvalidError(parts), path);
  }
}

/** What DuckDB says in its first line, as a part of our own sentence. */
function said({ message }: Error): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/^[\w ]+ Error: /, '')
    .replace(/\.$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
