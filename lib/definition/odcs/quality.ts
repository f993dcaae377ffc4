import type { OdcsQuality } from './document.ts';

/** What a quality rule of a contract means for rows. */
export interface QualityMeaning {
  /** Values may not be NULL. */
  readonly required?: true;
  /** The only values that are allowed. */
  readonly values?: readonly unknown[];
  readonly pattern?: string;
  /** Values that stand for nothing, and may not occur. */
  readonly missing?: readonly unknown[];
  /** Columns that are unique together. */
  readonly key?: readonly string[];
}

/** A quality rule that no row can be held against. */
export interface QualityRefusal {
  readonly refused: string;
  readonly change: string;
  /** Where in the rule. */
  readonly path: readonly string[];
}

const operators = [
  'mustBe',
  'mustNotBe',
  'mustBeGreaterThan',
  'mustBeGreaterOrEqualTo',
  'mustBeLessThan',
  'mustBeLessOrEqualTo',
  'mustBeBetween',
  'mustNotBeBetween',
] as const;

/** Says of a share or count what the pipeline itself can be asked for. */
const elsewhere = {
  nullValues: 'hold a share with the quality rule complete({ column, atLeast })',
  missingValues: 'turn the values into NULL with sanitize, and hold a share with the quality rule complete',
  invalidValues: 'hold a share with a quality rule of the pipeline',
  duplicateValues: 'hold a share with the quality rule unique({ key, atLeast })',
  rowCount: 'hold the number of rows with a quality rule of the pipeline',
} as const;

/**
 * What a rule says about each row. A contract is held row by row, so a rule must allow no exception: no null values, no
 * invalid values. What a share or a count of rows may be, is for quality rules of the pipeline.
 * @param property name of the column; undefined for rules of the whole object
 */
export function meaningOf(rule: OdcsQuality, property: string | undefined): QualityMeaning | QualityRefusal {
  if (rule.type === 'text') return {};
  if (rule.type !== 'library' || rule.metric === undefined) {
    const what =
      rule.type === 'library' ? 'the rule has no metric' : `a rule of type "${rule.type}" cannot be run on rows`;
    return refusal(what, 'use a metric of the library, or a quality rule of the pipeline', 'type');
  }
  const { metric, severity = 'error' } = rule;
  if (!['error', 'critical', 'blocker'].includes(severity.toLowerCase()))
    return refusal(
      'a row that breaks a contract is rejected, whatever the severity',
      'remove the severity, or make it a quality rule of the pipeline',
      'severity',
    );
  const given = operators.filter((operator) => rule[operator] !== undefined);
  if (given.length !== 1)
    return refusal('the rule needs one operator, such as mustBe', 'write mustBe: 0', given[1] ?? 'metric');
  if (metric === 'rowCount' || !allowsNone(rule))
    return refusal(`${metric} allows for exceptions`, elsewhere[metric], given[0]!);
  const unknown = Object.keys(rule.arguments).find((name) => !argumentsOf[metric].includes(name));
  if (unknown !== undefined)
    return refusal(
      `${metric} knows no argument "${unknown}"`,
      `give ${argumentsOf[metric].join(', ') || 'none'}`,
      'arguments',
      unknown,
    );
  return meanings[metric](rule.arguments, property);
}

const argumentsOf: Readonly<Record<keyof typeof meanings, readonly string[]>> = {
  nullValues: [],
  missingValues: ['missingValues'],
  invalidValues: ['validValues', 'pattern'],
  duplicateValues: ['properties'],
};

type Meaning = (
  given: Readonly<Record<string, unknown>>,
  property: string | undefined,
) => QualityMeaning | QualityRefusal;

const meanings: Readonly<Record<'nullValues' | 'missingValues' | 'invalidValues' | 'duplicateValues', Meaning>> = {
  nullValues: (_, property) => (property === undefined ? forProperties('nullValues') : { required: true }),
  missingValues({ missingValues }, property) {
    if (property === undefined) return forProperties('missingValues');
    if (!Array.isArray(missingValues))
      return refusal('missingValues needs the values that count as missing', 'list them', 'arguments');
    const missing = missingValues.filter((value) => value !== null);
    return { ...(missing.length < missingValues.length && { required: true }), ...(missing.length > 0 && { missing }) };
  },
  invalidValues({ validValues, pattern }, property) {
    if (property === undefined) return forProperties('invalidValues');
    if (validValues !== undefined && (!Array.isArray(validValues) || validValues.length === 0))
      return refusal('validValues is a list of values', 'list the values', 'arguments', 'validValues');
    if (pattern !== undefined && typeof pattern !== 'string')
      return refusal('pattern is a text', 'write a regular expression', 'arguments', 'pattern');
    if (validValues === undefined && pattern === undefined)
      return refusal('invalidValues needs to know which values are valid', 'give validValues or pattern', 'arguments');
    return { ...(validValues && { values: validValues }), ...(pattern !== undefined && { pattern }) };
  },
  duplicateValues({ properties }, property) {
    if (property !== undefined) return { key: [property] };
    if (!Array.isArray(properties) || properties.length === 0 || properties.some((name) => typeof name !== 'string'))
      return refusal('duplicateValues of an object needs its properties', 'name them', 'arguments');
    return { key: properties };
  },
};

/** True where the rule allows no row to be counted. */
function allowsNone(rule: OdcsQuality): boolean {
  const { unit = 'rows', mustBe, mustBeLessOrEqualTo, mustBeLessThan } = rule;
  if (mustBe === 0 || mustBeLessOrEqualTo === 0) return true;
  return unit === 'rows' && mustBeLessThan !== undefined && mustBeLessThan > 0 && mustBeLessThan <= 1;
}

function forProperties(metric: string): QualityRefusal {
  return refusal(`${metric} is a rule of a property`, 'put it below the property that it means', 'metric');
}

function refusal(refused: string, change: string, ...path: readonly string[]): QualityRefusal {
  return { refused, change, path };
}
