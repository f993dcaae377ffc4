import { comparisons } from '../choice/comparisons.ts';
import { isChecks } from '../choice/is-checks.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { jsonPath } from '../jsonpath/json-path.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

const combinations = ['And', 'Or', 'Not'];

/** Every rule says what it asks and where to go. */
export function validateChoice(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const { place, scope } = under;
  const { Choices: rules, Default: fallback } = state;
  if (fallback !== undefined && typeof fallback !== 'string')
    scope.diagnostics.schema('Value is not a String', `${place}/Default`);
  if (rules === undefined) return;
  if (!Array.isArray(rules) || rules.length === 0) {
    scope.diagnostics.schema('Value is not a non-empty array', `${place}/Choices`);
    return;
  }
  for (const [index, rule] of rules.entries()) {
    const at = `${place}/Choices[${index}]`;
    if (!isObject(rule)) {
      scope.diagnostics.schema('Value is not a JSON object', at);
      continue;
    }
    if (typeof rule.Next !== 'string') scope.diagnostics.schema('These fields are required: [Next]', at);
    if (language === 'JSONPath') validateRule(rule, at, under);
    else if (rule.Condition === undefined) scope.diagnostics.schema('These fields are required: [Condition]', at);
  }
}

function validateRule(rule: JsonObject, at: string, under: StateUnderTest): void {
  const { diagnostics } = under.scope;
  const combination = combinations.find((name) => rule[name] !== undefined);
  if (combination) {
    const inner: Json[] = combination === 'Not' ? [rule.Not] : rule[combination];
    if (!Array.isArray(inner) || inner.length === 0) {
      diagnostics.schema('Value is not a non-empty array', `${at}/${combination}`);
      return;
    }
    for (const [index, one] of inner.entries()) {
      const place = combination === 'Not' ? `${at}/Not` : `${at}/${combination}[${index}]`;
      if (isObject(one)) validateRule(one, place, under);
      else diagnostics.schema('Value is not a JSON object', place);
    }
    return;
  }
  if (rule.Variable === undefined) {
    diagnostics.schema('These fields are required: [Variable]', at);
    return;
  }
  if (typeof rule.Variable !== 'string' || !isPath(rule.Variable)) {
    diagnostics.schema('Value is not a valid JSONPath', `${at}/Variable`);
  }
  const operators = Object.keys(rule).filter((key) => !['Variable', 'Next', 'Comment', 'Assign'].includes(key));
  if (operators.length !== 1) {
    diagnostics.schema('Exactly one comparison operator is required', at);
    return;
  }
  validateOperator(operators[0]!, rule, at, under);
}

function validateOperator(operator: string, rule: JsonObject, at: string, { scope }: StateUnderTest): void {
  const value = rule[operator];
  const place = `${at}/${operator}`;
  if (operator === 'IsPresent' || operator in isChecks) {
    if (typeof value !== 'boolean') scope.diagnostics.schema('Value is not a Boolean', place);
    return;
  }
  const named = operator.endsWith('Path') ? operator.slice(0, -'Path'.length) : operator;
  if (!(named in comparisons) || (named === 'StringMatches' && named !== operator)) {
    scope.diagnostics.schema('Field is not supported', place);
    return;
  }
  if (named !== operator) {
    if (typeof value !== 'string' || !isPath(value)) scope.diagnostics.schema('Value is not a valid JSONPath', place);
    return;
  }
  if (operator.startsWith('Boolean') && typeof value !== 'boolean')
    scope.diagnostics.schema('Value is not a Boolean', place);
  if (operator.startsWith('Numeric') && typeof value !== 'number')
    scope.diagnostics.schema('Value is not a Number', place);
  if (operator.startsWith('String') && typeof value !== 'string')
    scope.diagnostics.schema('Value is not a String', place);
  if (operator.startsWith('Timestamp') && (typeof value !== 'string' || parseTimestamp(value) === undefined)) {
    scope.diagnostics.schema('String does not match RFC3339 timestamp', place);
  }
}

function isPath(text: string): boolean {
  try {
    jsonPath(text);
    return text.startsWith('$');
  } catch {
    return false;
  }
}
