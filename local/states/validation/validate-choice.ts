import { comparisons } from '../choice/comparisons.ts';
import { isChecks } from '../choice/is-checks.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { LanguageName } from './machine-scope.ts';
import { referencePathMistake } from './paths.ts';
import { onlyIn } from './state-fields.ts';
import type { StateUnderTest } from './validate-state.ts';

const kinds = ['And', 'Or', 'Not', 'Variable', 'Condition'];
const operators = [
  ...Object.keys(comparisons).flatMap((name) => (name === 'StringMatches' ? [name] : [name, `${name}Path`])),
  'IsPresent',
  ...Object.keys(isChecks),
];
const ruleFields = new Set([...kinds, ...operators, 'Comment', 'Assign', 'Output', 'Next']);

/** Every rule says what it asks and where to go. */
export function validateChoice(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const { place, scope } = under;
  const { diagnostics } = scope;
  const { Choices: rules, Default: fallback } = state;
  if (fallback !== undefined && typeof fallback !== 'string') diagnostics.notType('STRING', `${place}/Default`);
  if (rules === undefined) return;
  if (!Array.isArray(rules)) {
    diagnostics.notType('ARRAY', `${place}/Choices`);
    return;
  }
  if (rules.length === 0) diagnostics.schema('Value cannot be empty', `${place}/Choices`);
  for (const [index, rule] of rules.entries()) {
    const at = `${place}/Choices[${index}]`;
    if (!isObject(rule)) {
      diagnostics.notType('OBJECT', at);
      continue;
    }
    if (typeof rule.Next !== 'string') diagnostics.required(['Next'], at);
    validateRule(rule, language, at, under);
  }
}

function validateRule(rule: JsonObject, language: LanguageName, at: string, under: StateUnderTest): void {
  const { diagnostics } = under.scope;
  for (const field of Object.keys(rule)) if (!ruleFields.has(field)) diagnostics.unsupported(field, at);
  const foreign = language === 'JSONata' ? 'Variable' : 'Condition';
  if (rule[foreign] !== undefined) {
    diagnostics.schema(onlyIn(language === 'JSONata' ? 'JSONPath' : 'JSONata', foreign), at);
    return;
  }
  if (kinds.filter((kind) => rule[kind] !== undefined).length !== 1) {
    diagnostics.schema(`The object must have only one of the following fields, [${kinds.join(', ')}]`, at);
    return;
  }
  if (rule.Variable !== undefined) validateComparison(rule, at, under);
  for (const combination of ['And', 'Or', 'Not']) {
    if (rule[combination] !== undefined) validateCombined(rule[combination], combination, language, at, under);
  }
}

/** Rules inside of a rule go nowhere: only the outermost one has a Next. */
function validateCombined(
  inner: Json,
  combination: string,
  language: LanguageName,
  at: string,
  under: StateUnderTest,
): void {
  const { diagnostics } = under.scope;
  const place = `${at}/${combination}`;
  const list: Json = combination === 'Not' ? [inner] : inner;
  if (!Array.isArray(list)) {
    diagnostics.notType('ARRAY', place);
    return;
  }
  if (list.length === 0) diagnostics.schema('Value cannot be empty', place);
  for (const [index, rule] of list.entries()) {
    const here = combination === 'Not' ? place : `${place}[${index}]`;
    if (!isObject(rule)) {
      diagnostics.notType('OBJECT', here);
      continue;
    }
    if (rule.Next !== undefined) diagnostics.unsupported('Next', here);
    validateRule(rule, language, here, under);
  }
}

function validateComparison(rule: JsonObject, at: string, { scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  const mistake = referencePathMistake(rule.Variable);
  if (mistake !== undefined) diagnostics.schema(mistake, `${at}/Variable`);
  const given = operators.filter((operator) => rule[operator] !== undefined);
  diagnostics.exactlyOne(operators, given.length, at);
  if (given.length === 1) validateOperand(given[0]!, rule[given[0]!], `${at}/${given[0]}`, scope.diagnostics);
}

function validateOperand(
  operator: string,
  value: Json,
  place: string,
  diagnostics: StateUnderTest['scope']['diagnostics'],
): void {
  if (operator.endsWith('Path')) {
    const mistake = referencePathMistake(value);
    if (mistake !== undefined) diagnostics.schema(mistake, place);
  } else if (/^Is|^Boolean/.test(operator)) {
    if (typeof value !== 'boolean') diagnostics.notType('BOOLEAN', place);
  } else if (operator.startsWith('Numeric')) {
    if (typeof value !== 'number') diagnostics.schema('Expected value of type Number', place);
  } else if (operator.startsWith('String')) {
    if (typeof value !== 'string') diagnostics.notType('STRING', place);
  } else if (typeof value !== 'string' || parseTimestamp(value) === undefined) {
    diagnostics.schema('String does not match RFC3339 timestamp', place);
  }
}
