import { BlockList, isIP } from 'node:net';
import { knownConditionKey } from './condition-keys.ts';
import { malformedPolicy } from './malformed-policy.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** One operator applied to one key. */
export interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  /** `IfExists`: holds where the request has no such key. */
  readonly ifExists: boolean;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly operator: Operator;
}

interface Operator {
  /** Negated operators hold where no value matches; they hold for a missing key too. */
  readonly negated: boolean;
  matches(actual: string, expected: string): boolean;
}

/** The context of one request: key in lower case → value or values. */
export type RequestContext = ReadonlyMap<string, string | readonly string[]>;

const sameText = (actual: string, expected: string) => actual === expected;
const sameTextIgnoringCase = (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase();
const like = (actual: string, expected: string) => matchesWildcard(expected, actual);
const likeArn = (actual: string, expected: string) => matchesArn(expected, actual);
const number = (compare: (actual: number, expected: number) => boolean) => (actual: string, expected: string) =>
  compare(Number(actual), Number(expected));
const date = (compare: (actual: number, expected: number) => boolean) => (actual: string, expected: string) =>
  compare(moment(actual), moment(expected));

const is = (matches: Operator['matches']): Operator => ({ negated: false, matches });
const isNot = (matches: Operator['matches']): Operator => ({ negated: true, matches });

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(sameText),
  StringNotEquals: isNot(sameText),
  StringEqualsIgnoreCase: is(sameTextIgnoringCase),
  StringNotEqualsIgnoreCase: isNot(sameTextIgnoringCase),
  StringLike: is(like),
  StringNotLike: isNot(like),
  ArnEquals: is(likeArn),
  ArnLike: is(likeArn),
  ArnNotEquals: isNot(likeArn),
  ArnNotLike: isNot(likeArn),
  Bool: is(sameTextIgnoringCase),
  IpAddress: is(inBlock),
  NotIpAddress: isNot(inBlock),
  NumericEquals: is(number((actual, expected) => actual === expected)),
  NumericNotEquals: isNot(number((actual, expected) => actual === expected)),
  NumericLessThan: is(number((actual, expected) => actual < expected)),
  NumericLessThanEquals: is(number((actual, expected) => actual <= expected)),
  NumericGreaterThan: is(number((actual, expected) => actual > expected)),
  NumericGreaterThanEquals: is(number((actual, expected) => actual >= expected)),
  DateEquals: is(date((actual, expected) => actual === expected)),
  DateNotEquals: isNot(date((actual, expected) => actual === expected)),
  DateLessThan: is(date((actual, expected) => actual < expected)),
  DateLessThanEquals: is(date((actual, expected) => actual <= expected)),
  DateGreaterThan: is(date((actual, expected) => actual > expected)),
  DateGreaterThanEquals: is(date((actual, expected) => actual >= expected)),
};

/** `Null` asks whether the key is there at all: expected `true` means that it must not be. */
const isNull: Operator = { negated: false, matches: () => false };

/** Reads the Condition of a statement. Throws MalformedPolicyDocument for operators and keys that local IAM does not know. */
export function readConditions(block: Record<string, Record<string, unknown>>): Condition[] {
  return Object.entries(block).flatMap(([name, keys]) => {
    const [, quantifier, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
    const operator = base === 'Null' ? isNull : Object.hasOwn(operators, base ?? '') ? operators[base!] : undefined;
    if (!operator) throw malformedPolicy(`local IAM does not know the condition operator ${name}`, block);
    return Object.entries(keys).map(([key, values]) => {
      if (!knownConditionKey(key)) throw malformedPolicy(`local IAM does not know the condition key ${key}`, block);
      return {
        key: key.toLowerCase(),
        values: [values].flat().map((value) => checked(base!, String(value), block)),
        ifExists: Boolean(ifExists),
        quantifier: quantifier as Condition['quantifier'],
        operator,
      };
    });
  });
}

/** Whether a request meets a condition. `expand` fills policy variables into an expected value. */
export function meets(condition: Condition, context: RequestContext, expand: (value: string) => string): boolean {
  const { operator, ifExists, quantifier } = condition;
  const found = context.get(condition.key);
  if (operator === isNull)
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (found === undefined));
  const actual = found === undefined ? [] : [found].flat();
  if (!actual.length)
    return ifExists || quantifier === 'ForAllValues' || (operator.negated && quantifier === undefined);
  const expected = condition.values.map(expand);
  const holds = (one: string) => expected.some((value) => operator.matches(one, value)) !== operator.negated;
  return quantifier === 'ForAnyValue' ? actual.some(holds) : actual.every(holds);
}

/** Values that could never be compared are refused when the policy is read, as AWS does. */
function checked(operator: string, value: string, block: unknown): string {
  if (value.includes('${')) return value;
  const bad =
    (operator.startsWith('Date') && Number.isNaN(moment(value))) ||
    (operator.startsWith('Numeric') && !(value && Number.isFinite(Number(value)))) ||
    (/^(Bool|Null)$/.test(operator) && !/^(true|false)$/i.test(value)) ||
    (operator.endsWith('IpAddress') && !blockOf(value));
  if (bad) throw malformedPolicy(`${operator} cannot compare with ${value}`, block);
  return value;
}

/** Whether an address lies in a block such as `10.0.0.0/8` or `2001:db8::/32`, or is the address given. */
function inBlock(actual: string, expected: string): boolean {
  return blockOf(expected)?.check(actual, isIP(actual) === 6 ? 'ipv6' : 'ipv4') ?? false;
}

function blockOf(text: string): BlockList | undefined {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  const widest = family === 6 ? 128 : 32;
  if (!family || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= widest))) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits ?? widest), family === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/** Policies write dates in ISO 8601 or as seconds since the epoch. */
function moment(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
