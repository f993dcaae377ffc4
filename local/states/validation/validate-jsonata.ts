import type { ExprNode } from 'jsonata';
import { isObject, type Json } from '../json.ts';
import { expressionIn, jsonataExpression } from '../query/jsonata-expression.ts';
import type { Diagnostics } from './diagnostic.ts';
import { topLevelNames } from './top-level-names.ts';

/** What `$states` has besides `input` and `context`, by the field that an expression stands in. */
export interface StatesMembers {
  readonly result?: boolean;
  readonly errorOutput?: boolean;
}

/** Every expression in a template can be parsed, and asks for nothing that is not there. */
export function validateJsonata(
  template: Json,
  place: string,
  diagnostics: Diagnostics,
  has: StatesMembers = {},
): void {
  if (typeof template === 'string') validateText(template, place, diagnostics, has);
  else if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) validateJsonata(item, `${place}[${index}]`, diagnostics, has);
  } else if (isObject(template)) {
    for (const [key, value] of Object.entries(template)) validateJsonata(value, `${place}/${key}`, diagnostics, has);
  }
}

function validateText(text: string, place: string, diagnostics: Diagnostics, has: StatesMembers): void {
  const expression = expressionIn(text);
  if (expression === undefined) {
    if (text.startsWith('{%')) diagnostics.schema('JSONata string must start with {% and end with %}', place);
    return;
  }
  try {
    const unsupported = (message: string) => diagnostics.error('UNSUPPORTED_JSONATA_EXPRESSION', message, place);
    const { ast } = jsonataExpression(expression);
    checkNames(ast, { input: true, context: true, ...has }, unsupported);
    for (const name of topLevelNames(ast)) unsupported(`Reference to '${name}' at the top level is not supported.`);
  } catch (error) {
    diagnostics.error('INVALID_JSONATA_EXPRESSION', (error as Error).message, place);
  }
}

/** There is no document to refer to, and `$states` has no members but its own. */
function checkNames(node: ExprNode, members: Record<string, boolean>, unsupported: (message: string) => void): void {
  if (node.type === 'variable' && (node.value as Json) === '$') unsupported("Reference to '$$' is not supported.");
  if (node.type === ('path' as string) && node.steps?.[0]?.type === 'variable' && node.steps[0].value === 'states') {
    const { type, value } = node.steps[1] ?? {};
    if (type === 'name' && !(Object.hasOwn(members, value) && members[value]))
      unsupported(`Field '$states.${value}' does not exist.`);
  }
  for (const inner of Object.values<Json>(node)) {
    for (const one of Array.isArray(inner) ? inner.flat() : [inner]) {
      if (isObject(one)) checkNames(one as ExprNode, members, unsupported);
    }
  }
}
