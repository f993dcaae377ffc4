import { type IntrinsicNode, parseIntrinsic } from './intrinsics/parse-intrinsic.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { jsonPath } from './jsonpath/json-path.ts';
import { expressionIn } from './query/jsonata-expression.ts';
import { jsonataVariables } from './query/jsonata-variables.ts';

/** The variables that each state of a definition reads, by the state's name, sorted; states that read none are left out. */
export function variableReferences(definition: JsonObject): Record<string, string[]> {
  const references: Record<string, string[]> = {};
  visitMachine(definition, definition.QueryLanguage === 'JSONata', references);
  return references;
}

/** Levels inside of a state are states of their own. */
const levels = new Set(['ItemProcessor', 'Iterator', 'Branches']);

function visitMachine(machine: JsonObject, jsonata: boolean, references: Record<string, string[]>): void {
  for (const [name, state] of Object.entries<JsonObject>(machine.States ?? {})) {
    const own = state.QueryLanguage === undefined ? jsonata : state.QueryLanguage === 'JSONata';
    const found = new Set<string>();
    for (const [field, value] of Object.entries(state)) {
      if (levels.has(field)) continue;
      if (own) collectJsonata(value, found);
      else collectPaths(field, value, found);
    }
    if (found.size > 0) references[name] = [...found].sort();
    for (const inner of [state.ItemProcessor ?? state.Iterator, ...(state.Branches ?? [])]) {
      if (isObject(inner)) visitMachine(inner, jsonata, references);
    }
  }
}

function collectJsonata(value: Json, found: Set<string>): void {
  if (typeof value === 'string') {
    const expression = expressionIn(value);
    if (expression !== undefined) for (const name of jsonataVariables(expression)) found.add(name);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collectJsonata(member, found);
  }
}

/** Paths stand in fields named so, in members that end in `.$`, and where a Choice rule names what it looks at. */
function collectPaths(field: string, value: Json, found: Set<string>): void {
  if (typeof value === 'string') {
    if (field.endsWith('.$') || field.endsWith('Path') || field === 'Variable') collectText(value, found);
  } else if (Array.isArray(value)) {
    for (const item of value) collectPaths('', item, found);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) collectPaths(key, member, found);
  }
}

function collectText(text: string, found: Set<string>): void {
  if (text.startsWith('$')) {
    const { variable } = jsonPath(text);
    if (variable !== undefined) found.add(variable);
  } else if (text.startsWith('States.')) {
    collectNode(parseIntrinsic(text), found);
  }
}

function collectNode(node: IntrinsicNode, found: Set<string>): void {
  if (node.kind === 'path' && node.path.variable !== undefined) found.add(node.path.variable);
  if (node.kind === 'call') for (const argument of node.args) collectNode(argument, found);
}
