import { isObject, type Json, type JsonObject } from '../json.ts';
import { type JsonataExpression, jsonataExpression } from './jsonata-expression.ts';

/** Names that an expression may call without anybody having assigned them. */
const awsFunctionNames = ['partition', 'range', 'hash', 'random', 'uuid', 'parse'];

/** Whoever starts runs has their machine described each time, which has a hundred expressions. */
const known = new WeakMap<JsonataExpression, readonly string[]>();

/** The workflow's variables that an expression reads: neither `$states`, nor functions, nor names that it binds itself. */
export function jsonataVariables(text: string): readonly string[] {
  const expression = jsonataExpression(text);
  const names = known.get(expression) ?? variablesOf(expression);
  known.set(expression, names);
  return names;
}

function variablesOf({ ast }: JsonataExpression): string[] {
  const read = new Set<string>();
  const bound = new Set<string>(['', '$', 'states', ...awsFunctionNames]);
  visit(ast as unknown as JsonObject, read, bound);
  return [...read].filter((name) => !bound.has(name));
}

function visit(node: Json, read: Set<string>, bound: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, read, bound);
    return;
  }
  if (!isObject(node)) return;
  if (node.type === 'bind') bound.add(node.lhs?.value);
  if (node.type === 'lambda') for (const argument of node.arguments ?? []) bound.add(argument.value);
  if (node.type === 'variable') read.add(node.value);
  for (const [key, member] of Object.entries(node)) {
    const called =
      key === 'procedure' && isObject(member) && member.type === 'variable' && builtInNames.has(member.value);
    if (!called) visit(member, read, bound);
  }
}

const builtInNames = new Set(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match ' +
    'contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power ' +
    'random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert ' +
    'type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval ' +
    'toMillis fromMillis clone now millis'
  ).split(' '),
);
