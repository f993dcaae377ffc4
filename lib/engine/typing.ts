import type { ParameterPlan } from '../component/parameter.ts';
import type { Column, ContractField } from '../component/plan.ts';
import { type Expression, type Projection, quoted, type Shape } from '../component/shape.ts';
import { groupsMerge } from './aggregates/group-query.ts';
import { checkNames } from './column-names.ts';
import type { ParsedExpression } from './expression.ts';
import { openParameters } from './parameters.ts';
import type { Session } from './session.ts';
import { explodedTypes } from './steps/exploded-types.ts';
import { windowSql } from './steps/window-sql.ts';
import { equalColumns } from './types/equal-columns.ts';
import { ExpressionTyping } from './types/expression-typing.ts';
import { joinTypes } from './types/join-types.ts';
import { lookupTypes } from './types/lookup-types.ts';
import { each, errorsOf, withErrors } from './types/parts-of-step.ts';
import { aggregateMayBeNull, mayBeNull, presentUnlessFalse, presentWhere, withPresent } from './types/presence.ts';
import { unionTypes } from './types/union-types.ts';
import { isUnknown, unknownType } from './types/unknown-type.ts';
import { windowFunctions, windowTypes } from './types/window-types.ts';
import type { TypingError } from './typing-error.ts';
import { giveBackTypingSession, takeTypingSession } from './typing-session.ts';

/** What a step gives, found by preparing it on empty tables. */
export interface StepTypes {
  readonly columns: readonly Column[];
  /** Columns that pass through as they are. */
  readonly keeps: readonly string[];
  /** Columns that each output column is made of. */
  readonly lineage: Readonly<Record<string, readonly Origin[]>>;
  /** True where rows of a key can be merged in parts. */
  readonly merges?: true;
  readonly lookupKeys?: { readonly input: readonly string[]; readonly side: readonly string[] };
  /** What is wrong with single columns, which have the unknown type, and with conditions. Absent: nothing. */
  readonly errors?: readonly TypingError[];
}

/** A column of the first input, or of a further one by its position among all inputs. */
export type Origin = string | { readonly input: number; readonly column: string };

/** Types steps with DuckDB itself, on tables without rows. Open one for a compilation and close it. */
export class Typing {
  readonly #session: Session;
  readonly #expressions: ExpressionTyping;
  readonly #hasParameters: boolean;

  private constructor(session: Session, parameters: readonly string[]) {
    this.#session = session;
    this.#hasParameters = parameters.length > 0;
    this.#expressions = new ExpressionTyping(session, parameters);
  }

  /** @param parameters what runs are given, which expressions may take. Default: nothing */
  static async open(parameters: Readonly<Record<string, ParameterPlan>> = {}): Promise<Typing> {
    const session = await takeTypingSession();
    const names = Object.keys(parameters);
    if (names.length > 0) await openParameters(session, { parameters });
    return new Typing(session, names);
  }

  /** Parameters that some expression has taken so far. */
  get parametersTaken(): ReadonlySet<string> {
    return this.#expressions.taken;
  }

  close(): void {
    // What hashes under secrets stays in its session for good, and so do parameters.
    if (this.#expressions.hasKeys || this.#hasParameters) this.#session.close();
    else giveBackTypingSession(this.#session);
  }

  /** DuckDB's own name of a type, e.g. `INTEGER` for `int`; throws where there is no such type. */
  async typeName(type: string): Promise<string> {
    const [column] = await this.#session.columns(`SELECT NULL::${type} AS value`);
    return column!.type;
  }

  /** Checks that an expression over these columns is a condition on a row, e.g. a contract rule. */
  async condition(expression: Expression, columns: readonly Column[]): Promise<ParsedExpression> {
    const { aggregates, parsed } = await this.#expressions.typeOf(expression, columns, 'BOOLEAN');
    if (aggregates) throw this.#expressions.aggregate(expression);
    return parsed;
  }

  /** Checks the rules of fields, each of which sees its own field only. */
  async rules(fields: readonly ContractField[]): Promise<void> {
    checkNames(fields.map(({ name }) => name));
    for (const { rules, ...column } of fields)
      for (const { expression } of rules) await this.condition({ sql: expression, path: [column.name] }, [column]);
  }

  /** Checks that an aggregate over these columns gives a number of rows, as a quality rule does. */
  async measure(sql: string, columns: readonly Column[]): Promise<void> {
    await this.#aggregate({ sql }, columns, 'BIGINT');
  }

  /** Checks an expression over columns that nobody knows yet. */
  async parses(sql: string): Promise<void> {
    await this.#expressions.parse({ sql, path: [] }, []);
  }

  /** The type of an aggregate over these columns. */
  aggregateType(sql: string, columns: readonly Column[]): Promise<string> {
    return this.#aggregate({ sql, path: [] }, columns);
  }

  async #aggregate(expression: Expression, columns: readonly Column[], wanted?: string): Promise<string> {
    const { aggregates, type } = await this.#expressions.typeOf(expression, columns, wanted);
    if (!aggregates && type !== unknownType)
      throw this.#expressions.fault(expression, 'it is not an aggregate', 'an aggregate such as count(x)');
    return type;
  }

  /** @param inputs columns of each input, the first one first */
  async step(shape: Shape, inputs: readonly (readonly Column[])[]): Promise<StepTypes> {
    const [input = [], side = []] = inputs;
    switch (shape.form) {
      case 'project':
        return this.#project(shape, input);
      case 'keep': {
        const { tree } = await this.condition(shape.condition, input);
        return asItWas(withPresent(input, presentWhere(tree)));
      }
      case 'first':
      case 'draw':
        return { ...asItWas(input), merges: true };
      case 'group':
        return this.#group(shape, input);
      case 'window':
        return this.#window(shape, input);
      case 'lookup':
        return this.#lookup(shape, input, side);
      case 'join':
        return this.#join(shape, input, side);
      case 'union':
        return unionTypes(shape, inputs);
      case 'call':
        return this.#call(shape.columns, input);
      case 'explode':
        return explodedTypes(shape, input);
      case 'sort':
        return asItWas(input);
      case 'route':
        return this.#route(shape, input);
    }
  }

  async #project(shape: Extract<Shape, { form: 'project' }>, input: readonly Column[]): Promise<StepTypes> {
    checkNames(shape.columns.map(({ name }) => name));
    const lets = await this.#projections(shape.lets ?? [], input);
    const known = [...input, ...lets.columns];
    const origins = new Map(Object.entries(lets.lineage));
    const present: string[] = [];
    const rejections = await errorsOf(shape.rejections ?? [], async ({ holds }) => {
      const { tree } = await this.condition(holds, known);
      present.push(...presentUnlessFalse(tree));
    });
    const types = await this.#projections(shape.columns, withPresent(known, present));
    const lineage = Object.entries(types.lineage).map(([name, from]) => {
      return [
        name,
        [...new Set(from.flatMap((one) => (typeof one === 'string' && origins.get(one)) || [one]))],
      ] as const;
    });
    return { ...types, lineage: Object.fromEntries(lineage), ...withErrors(lets.errors, types.errors, rejections) };
  }

  async #projections(columns: readonly Projection[], input: readonly Column[]): Promise<StepTypes> {
    const typed: Column[] = [];
    const lineage: Record<string, readonly string[]> = {};
    const errors = await errorsOf(
      columns,
      async (column) => {
        const { type, parsed, aggregates } = await this.#expressions.typeOf(column.expression, input);
        if (aggregates) throw this.#expressions.aggregate(column.expression);
        typed.push({ name: column.name, type, nullable: nullableOf(column, parsed, input) });
        lineage[column.name] = parsed.columns;
      },
      ({ name }) => typed.push(unknownColumn(name, lineage)),
    );
    return { columns: typed, lineage, keeps: columns.filter(isKept).map(({ name }) => name), ...withErrors(errors) };
  }

  async #group(shape: Extract<Shape, { form: 'group' }>, input: readonly Column[]): Promise<StepTypes> {
    const keys = await this.#projections(shape.keys, input);
    const measures: Column[] = [];
    const lineage: Record<string, readonly Origin[]> = { ...keys.lineage };
    checkNames([...shape.keys, ...shape.measures].map(({ name }) => name));
    const make = async (measure: (typeof shape.measures)[number]) => {
      const { type, parsed, aggregates } = await this.#expressions.typeOf(measure.expression, input);
      if (!aggregates && type !== unknownType)
        throw this.#expressions.fault(
          measure.expression,
          'it is not an aggregate: it would have a value for each row, not for each group',
          'an aggregate such as count(*), sum(x), avg(x)',
        );
      const where = measure.where
        ? (await this.#expressions.typeOf(measure.where, input, 'BOOLEAN')).parsed
        : undefined;
      const counts = /^count(_star)?$/.test(parsed.call ?? '');
      // Without keys there is a group even of no rows.
      const hasRows = shape.keys.length > 0 && !measure.where;
      const nullable = !counts && (!hasRows || aggregateMayBeNull(parsed.tree, input));
      measures.push({ name: measure.name, type, nullable });
      lineage[measure.name] = [...new Set([...parsed.columns, ...(where?.columns ?? [])])];
    };
    const errors = await errorsOf(shape.measures, make, ({ name }) => measures.push(unknownColumn(name, lineage)));
    const types = { columns: [...keys.columns, ...measures], lineage, keeps: keys.keeps };
    if (types.columns.some(isUnknown)) return { ...types, ...withErrors(keys.errors, errors) };
    const merges = await groupsMerge(this.#session, shape, input);
    return { ...types, ...(merges && { merges }) };
  }

  async #window(shape: Extract<Shape, { form: 'window' }>, input: readonly Column[]): Promise<StepTypes> {
    const types: { type: string; parsed: ParsedExpression }[] = [];
    for (const column of shape.columns) {
      const parsed = await this.#expressions.resolve(column.call, input);
      if (parsed.call === undefined || !windowFunctions.includes(parsed.call))
        throw this.#expressions.fault(
          column.call,
          'it is not one call of a function that has the same value however the rows of other keys lie',
          `a call of one of ${windowFunctions.join(', ')}`,
        );
      // Whatever else it is given may be no number of parts, and rows are not to blame for that.
      if (parsed.call === 'ntile' && !/^\s*ntile\s*\(\s*([1-9]\d*|param\(.*\))\s*\)\s*$/i.test(column.call.sql))
        throw this.#expressions.fault(
          column.call,
          'the number of parts must be known',
          'a whole number from 1, e.g. ntile(4)',
        );
      const unknown = input.some((one) => isUnknown(one) && parsed.columns.includes(one.name));
      const type = await this.#expressions.onTable(input, (table) =>
        this.#expressions.describe(column.call, windowSql(shape, column), table, input),
      );
      types.push({ type: unknown ? unknownType : type, parsed });
    }
    return windowTypes(shape, input, types);
  }

  async #route(shape: Extract<Shape, { form: 'route' }>, input: readonly Column[]): Promise<StepTypes> {
    let present: readonly string[] = [];
    await each(shape.routes, async ({ name, condition }) => {
      const { tree } = await this.condition(condition, input);
      if (name === shape.to) present = presentWhere(tree);
    });
    return asItWas(withPresent(input, present));
  }

  async #lookup(
    shape: Extract<Shape, { form: 'lookup' }>,
    input: readonly Column[],
    side: readonly Column[],
  ): Promise<StepTypes> {
    const keys = await equalColumns(this.#expressions, shape.on, { input, side });
    return lookupTypes(shape, { input, side, keys });
  }

  async #join(
    shape: Extract<Shape, { form: 'join' }>,
    input: readonly Column[],
    side: readonly Column[],
  ): Promise<StepTypes> {
    const keys = await equalColumns(this.#expressions, shape.on, { input, side });
    return joinTypes(shape, { input, side, keys });
  }

  async #call(fields: readonly ContractField[], input: readonly Column[]): Promise<StepTypes> {
    const all = input.map(({ name }) => name);
    await this.rules(fields);
    const columns = fields.map(({ name, type, nullable }) => ({ name, type, nullable }));
    return { columns, lineage: Object.fromEntries(columns.map(({ name }) => [name, all])), keeps: [] };
  }
}

function unknownColumn(name: string, lineage: Record<string, readonly Origin[]>): Column {
  lineage[name] = [];
  return { name, type: unknownType, nullable: true };
}

function asItWas(input: readonly Column[]): StepTypes {
  const names = input.map(({ name }) => name);
  return { columns: input, lineage: Object.fromEntries(names.map((name) => [name, [name]])), keeps: names };
}

function isKept({ name, expression }: Projection): boolean {
  return expression.sql === quoted(name);
}

/** What is known of an expression of which nothing can be told is known by who made it. */
function nullableOf({ nullWith }: Projection, { tree }: ParsedExpression, input: readonly Column[]): boolean {
  const stoodFor = input.find(({ name }) => name === nullWith);
  return stoodFor ? stoodFor.nullable : mayBeNull(tree, input);
}
