import type { Json, JsonObject } from '../json.ts';
import { PathNotFoundError } from '../jsonpath/evaluate-path.ts';
import { jsonPath, type PathRoots } from '../jsonpath/json-path.ts';
import type { Visit } from '../visit.ts';
import { comparisons } from './comparisons.ts';
import { isChecks } from './is-checks.ts';

/** The first rule of a JSONPath Choice state that holds. */
export function chosenRule(visit: Visit, roots: PathRoots): { rule: JsonObject; index: number } | undefined {
  const rules: JsonObject[] = visit.definition.Choices;
  const index = rules.findIndex((rule) => holds(visit, rule, roots));
  return index < 0 ? undefined : { rule: rules[index]!, index };
}

function holds(visit: Visit, rule: JsonObject, roots: PathRoots): boolean {
  if (rule.And) return rule.And.every((inner: JsonObject) => holds(visit, inner, roots));
  if (rule.Or) return rule.Or.some((inner: JsonObject) => holds(visit, inner, roots));
  if (rule.Not) return !holds(visit, rule.Not, roots);
  const operator = operatorOf(rule);
  const expected = rule[operator];
  if (operator === 'IsPresent') return isPresent(rule.Variable, roots) === expected;
  const value = valueAt(visit, rule.Variable, roots);
  const check = isChecks[operator];
  if (check) return check(value) === expected;
  if (!operator.endsWith('Path')) return comparisons[operator]!(value, expected);
  return comparisons[operator.slice(0, -'Path'.length)]!(value, valueAt(visit, expected, roots));
}

const operators = new WeakMap<JsonObject, string>();

function operatorOf(rule: JsonObject): string {
  let operator = operators.get(rule);
  if (operator === undefined) {
    operator = Object.keys(rule).find(
      (key) => key in isChecks || key in comparisons || key === 'IsPresent' || pathForm(key),
    )!;
    operators.set(rule, operator);
  }
  return operator;
}

const pathForm = (key: string) => key.endsWith('Path') && key.slice(0, -'Path'.length) in comparisons;

function isPresent(path: string, roots: PathRoots): boolean {
  try {
    jsonPath(path).evaluate(roots);
    return true;
  } catch (error) {
    if (error instanceof PathNotFoundError) return false;
    throw error;
  }
}

function valueAt(visit: Visit, path: string, roots: PathRoots): Json {
  try {
    return jsonPath(path).evaluate(roots);
  } catch (error) {
    if (!(error instanceof PathNotFoundError)) throw error;
    throw visit.runtimeError(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
  }
}
