import { parseIntrinsic } from '../intrinsics/parse-intrinsic.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { jsonPath } from '../jsonpath/json-path.ts';
import { expressionIn, jsonataExpression } from '../query/jsonata-expression.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

/** Fields that are templates: filled on every visit. */
const templates = [
  'Parameters',
  'ResultSelector',
  'ItemSelector',
  'Assign',
  'Arguments',
  'Output',
  'Credentials',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Items',
];
const pathFields = [
  'InputPath',
  'OutputPath',
  'ItemsPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
];
/** Fields that JSONata may compute. */
const scalars = [
  'Seconds',
  'Timestamp',
  'TimeoutSeconds',
  'HeartbeatSeconds',
  'Error',
  'Cause',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

/** Paths, intrinsic functions and JSONata expressions can be parsed. */
export function validateExpressions(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const { place } = under;
  if (language === 'JSONPath') {
    for (const field of pathFields) validatePath(state[field], `${place}/${field}`, under);
    validateReferencePath(state.ResultPath, `${place}/ResultPath`, under);
    for (const field of templates) walkTemplate(state[field], `${place}/${field}`, under);
    return;
  }
  for (const field of [...templates, ...scalars]) walkExpressions(state[field], `${place}/${field}`, under);
  for (const [index, rule] of (Array.isArray(state.Choices) ? state.Choices : []).entries()) {
    walkExpressions(rule, `${place}/Choices[${index}]`, under);
  }
  for (const [index, catcher] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
    walkExpressions(catcher, `${place}/Catch[${index}]`, under);
  }
}

function validatePath(path: Json, place: string, { scope }: StateUnderTest): void {
  if (path === undefined || (path === null && /\/(InputPath|OutputPath)$/.test(place))) return;
  if (typeof path !== 'string') {
    scope.diagnostics.schema('Value is not a String', place);
    return;
  }
  if (!parses(path)) scope.diagnostics.schema('Value is not a valid JSONPath', place);
}

function validateReferencePath(path: Json, place: string, { scope }: StateUnderTest): void {
  if (path === undefined || path === null) return;
  const valid =
    typeof path === 'string' &&
    path.startsWith('$') &&
    !path.startsWith('$$') &&
    parses(path) &&
    jsonPath(path).definite;
  if (!valid) scope.diagnostics.schema('Value is not a Reference Path', place);
}

function walkTemplate(template: Json, place: string, under: StateUnderTest): void {
  if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) walkTemplate(item, `${place}[${index}]`, under);
    return;
  }
  if (!isObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    const at = `${place}/${key}`;
    if (!key.endsWith('.$')) walkTemplate(value, at, under);
    else if (typeof value !== 'string' || !parses(value)) {
      const message = `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`;
      under.scope.diagnostics.schema(message, at);
    }
  }
}

function parses(text: string): boolean {
  try {
    if (text.startsWith('$')) jsonPath(text);
    else parseIntrinsic(text);
    return true;
  } catch {
    return false;
  }
}

function walkExpressions(template: Json, place: string, under: StateUnderTest): void {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    if (expression !== undefined) validateExpression(expression, place, under);
  } else if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) walkExpressions(item, `${place}[${index}]`, under);
  } else if (isObject(template)) {
    for (const [key, value] of Object.entries(template)) walkExpressions(value, `${place}/${key}`, under);
  }
}

function validateExpression(text: string, place: string, { scope }: StateUnderTest): void {
  try {
    jsonataExpression(text);
  } catch (error) {
    scope.diagnostics.schema(`Invalid JSONata expression. ${(error as Error).message}`, place);
  }
}
