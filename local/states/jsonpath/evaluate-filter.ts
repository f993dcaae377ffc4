import type { Json } from '../json.ts';
import { StatesError } from '../states-error.ts';
import { evaluatePath, PathNotFoundError } from './evaluate-path.ts';
import type { Filter, Operand } from './path-tokens.ts';

/** Whether `item` passes; `@` is the item, `$` the document. */
export function passesFilter(filter: Filter, item: Json, root: Json): boolean {
  switch (filter.kind) {
    case 'or':
      return passesFilter(filter.left, item, root) || passesFilter(filter.right, item, root);
    case 'and':
      return passesFilter(filter.left, item, root) && passesFilter(filter.right, item, root);
    case 'not':
      return !passesFilter(filter.of, item, root);
    case 'exists':
      return operandValue({ kind: 'path', root: '@', path: filter.path }, item, root) !== undefined;
    case 'compare':
      return compare(filter.operator, operandValue(filter.left, item, root), operandValue(filter.right, item, root));
  }
}

function operandValue(operand: Operand, item: Json, root: Json): Json {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'pattern') return operand.pattern;
  try {
    return evaluatePath(operand.path, operand.root === '@' ? item : root);
  } catch (error) {
    if (error instanceof PathNotFoundError) return undefined;
    throw error;
  }
}

function compare(operator: string, left: Json, right: Json): boolean {
  switch (operator) {
    case '==':
      return same(left, right);
    case '!=':
      return !same(left, right);
    case '=~':
      return typeof left === 'string' && right instanceof RegExp && matches(right, left);
    case 'in':
      return Array.isArray(right) && right.some((value) => same(left, value));
    case 'nin':
      return Array.isArray(right) && !right.some((value) => same(left, value));
    case 'size':
      return (Array.isArray(left) || typeof left === 'string') && left.length === right;
    case 'empty':
      return (Array.isArray(left) || typeof left === 'string') && (left.length === 0) === right;
    default:
      return inOrder(operator, left, right);
  }
}

/** A pattern that goes on for too long ends the execution: nobody knows whether the item would have passed. */
function matches(pattern: RegExp, text: string): boolean {
  try {
    return pattern.test(text);
  } catch (error) {
    throw new StatesError('States.Runtime', (error as Error).message, { terminal: true });
  }
}

function inOrder(operator: string, left: Json, right: Json): boolean {
  const comparable = typeof left === typeof right && (typeof left === 'number' || typeof left === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function same(left: Json, right: Json): boolean {
  return (
    left === right || (typeof left === 'object' && left !== null && JSON.stringify(left) === JSON.stringify(right))
  );
}
