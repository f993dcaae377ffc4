import { validation } from './failure.ts';

const longestBytes = 4096;
const mostOperands = 100;

/** Members of requests that are expressions, and where dynalite leaves those that it has parsed. */
const expressions = {
  ProjectionExpression: undefined,
  KeyConditionExpression: undefined,
  UpdateExpression: undefined,
  ConditionExpression: '_condition',
  FilterExpression: '_filter',
} as const;

/** Holds the expressions of a request to the length that AWS takes. */
export function checkExpressionSizes(data: any): void {
  for (const name of Object.keys(expressions)) {
    const size = Buffer.byteLength(typeof data[name] === 'string' ? data[name] : '');
    if (size <= longestBytes) continue;
    throw validation(
      `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${size}`,
    );
  }
}

/** Holds the lists of `IN` to as many values as AWS takes. The expressions must have been parsed. */
export function checkOperands(data: any): void {
  for (const [name, parsed] of Object.entries(expressions)) {
    const count = parsed && mostInOperands(data[parsed]?.expression);
    if (!count || count <= mostOperands) continue;
    throw validation(
      `Invalid ${name}: The IN operator is provided with too many operands; number of operands: ${count}`,
    );
  }
}

function mostInOperands(expression: any): number {
  if (typeof expression !== 'object' || !Array.isArray(expression?.args)) return 0;
  const own = expression.type === 'in' ? expression.args.length - 1 : 0;
  return Math.max(own, ...expression.args.map(mostInOperands));
}
