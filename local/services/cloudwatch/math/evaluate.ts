import { NotSupportedError } from '../../../aws-error.ts';
import { invalidValue } from '../errors.ts';
import { type MathContext, mapSeries, mathFunctions, type Series, type Value } from './functions.ts';
import type { Expression } from './parse.ts';

/** The series that an expression may name, by id. */
export type Ids = ReadonlyMap<string, Value>;

/** The value of an expression over the series of a query. Throws where an id or a function is not there, or types do not fit. */
export function evaluateExpression(expression: Expression, ids: Ids, context: MathContext): Value {
  const value = (inner: Expression) => evaluateExpression(inner, ids, context);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'metric': {
      const found = ids.get(expression.id);
      if (found === undefined) throw invalidValue(`Error in expression: the id ${expression.id} is not defined`);
      return found;
    }
    case 'all':
      return [...ids.values()].filter((one): one is Series => one instanceof Map);
    case 'list':
      return expression.items.flatMap((item) => seriesIn(value(item)));
    case 'negative':
      return combine('*', -1, value(expression.of));
    case 'operator':
      return combine(expression.operator, value(expression.left), value(expression.right));
    case 'call': {
      const call = Object.hasOwn(mathFunctions, expression.name) ? mathFunctions[expression.name] : undefined;
      if (!call) throw new NotSupportedError(`the CloudWatch function ${expression.name}`);
      const result = call(expression.args.map(value), context);
      if (result === undefined)
        throw invalidValue(`Error in expression: the arguments of ${expression.name} are not valid`);
      return result;
    }
  }
}

function seriesIn(value: Value): readonly Series[] {
  if (typeof value === 'number') return [];
  return value instanceof Map ? [value] : (value as readonly Series[]);
}

const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/** Two series meet where both have a value. What cannot be computed, as a division by zero, is no value. */
function combine(operator: string, left: Value, right: Value): Value {
  const apply = operators[operator]!;
  if (typeof left === 'number' && typeof right === 'number') return apply(left, right);
  if (Array.isArray(left)) return left.map((one) => combine(operator, one, right) as Series);
  if (Array.isArray(right)) return right.map((one) => combine(operator, left, one) as Series);
  if (typeof left === 'number') return finite(mapSeries(right as Series, (value) => apply(left, value)));
  if (typeof right === 'number') return finite(mapSeries(left as Series, (value) => apply(value, right)));
  const result = new Map<number, number>();
  for (const [time, value] of left as Series) {
    const other = (right as Series).get(time);
    if (other !== undefined) result.set(time, apply(value, other));
  }
  return finite(result);
}

function finite(series: Series): Series {
  return new Map([...series].filter(([, value]) => Number.isFinite(value)));
}
