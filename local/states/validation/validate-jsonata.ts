import type { ExprNode } from 'jsonata';
import { isObject, type Json } from '../json.ts';
import { expressionIn, jsonataExpression } from '../query/jsonata-expression.ts';
import type { Diagnostics } from './diagnostic.ts';

const members = new Set(['input', 'result', 'errorOutput', 'context']);

/** Every expression in a template can be parsed, and asks for nothing that is not there. */
export function validateJsonata(template: Json, place: string, diagnostics: Diagnostics): void {
  if (typeof template === 'string') validateText(template, place, diagnostics);
  else if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) validateJsonata(item, `${place}[${index}]`, diagnostics);
  } else if (isObject(template)) {
    for (const [key, value] of Object.entries(template)) validateJsonata(value, `${place}/${key}`, diagnostics);
  }
}

function validateText(text: string, place: string, diagnostics: Diagnostics): void {
  const expression = expressionIn(text);
  if (expression === undefined) {
    if (text.startsWith('{%')) diagnostics.schema('JSONata string must start with {% and end with %}', place);
    return;
  }
  try {
    const unsupported = (message: string) => diagnostics.error('UNSUPPORTED_JSONATA_EXPRESSION', message, place);
    checkNames(jsonataExpression(expression).ast, !/\/Catch\[\d+\]\//.test(place), unsupported);
  } catch (error) {
    diagnostics.error('INVALID_JSONATA_EXPRESSION', (error as Error).message, place);
  }
}

/** There is no document to refer to, and `$states` has four members; one of them only where an error was caught. */
function checkNames(node: ExprNode, withoutError: boolean, unsupported: (message: string) => void): void {
  if (node.type === 'variable' && (node.value as Json) === '$') unsupported("Reference to '$$' is not supported.");
  if (node.type === ('path' as string) && node.steps?.[0]?.type === 'variable' && node.steps[0].value === 'states') {
    const { type, value } = node.steps[1] ?? {};
    const missing = type === 'name' && (!members.has(value) || (withoutError && value === 'errorOutput'));
    if (missing) unsupported(`Field '$states.${value}' does not exist.`);
  }
  for (const inner of Object.values<Json>(node)) {
    for (const one of Array.isArray(inner) ? inner.flat() : [inner]) {
      if (isObject(one)) checkNames(one as ExprNode, withoutError, unsupported);
    }
  }
}
