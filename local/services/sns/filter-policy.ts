import { AwsError } from '../../aws-error.ts';
import { matchesPattern, validatePattern } from '../events/pattern.ts';
import { invalidParameter } from './errors.ts';
import { type Message, type MessageAttribute, textFor } from './message.ts';
import type { Subscription } from './state.ts';

const mostKeys = 5;
const mostCombinations = 150;

/**
 * Throws InvalidParameter where a filter policy is not one, or has more to compare than AWS takes. An empty text or object
 * stands for none.
 */
export function checkFilterPolicy(text: string, scope = 'MessageAttributes'): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('FilterPolicy: failed to parse JSON');
  }
  if (isEmpty(policy)) return;
  checkSize(policy as object, scope);
  try {
    validatePattern(policy as object);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`FilterPolicy: ${error.message.replace(/^Event pattern is not valid\. Reason: /, '')}`);
  }
}

/** Whether a subscription wants a message: by its attributes or, where so set, by its body. */
export function wantsMessage(subscription: Subscription, message: Message): boolean {
  const { FilterPolicy, FilterPolicyScope } = subscription.attributes;
  if (!FilterPolicy || isEmpty(JSON.parse(FilterPolicy))) return true;
  const subject =
    FilterPolicyScope === 'MessageBody' ? bodyOf(message, subscription.protocol) : valuesOf(message.attributes);
  return subject !== undefined && matchesPattern(FilterPolicy, subject);
}

function bodyOf(message: Message, protocol: string): object | undefined {
  try {
    const body = JSON.parse(textFor(message, protocol));
    return body !== null && typeof body === 'object' && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function valuesOf(attributes: Message['attributes']): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attributeValue(attribute)]));
}

function attributeValue({ DataType, StringValue = '' }: MessageAttribute): unknown {
  if (DataType.startsWith('Number')) return Number(StringValue);
  if (DataType !== 'String.Array') return StringValue;
  try {
    return JSON.parse(StringValue);
  } catch {
    return StringValue;
  }
}

function isEmpty(policy: unknown): boolean {
  return policy !== null && typeof policy === 'object' && Object.keys(policy).length === 0;
}

/** How many keys a policy compares, how deep they lie, and how many combinations of values there are. */
function checkSize(policy: object, scope: string): void {
  const lists = [...comparedLists(policy, 0)];
  if (scope === 'MessageAttributes' && lists.some(({ depth }) => depth > 0))
    throw invalidParameter('Filter policy scope MessageAttributes does not support nested filter policy');
  if (lists.length > mostKeys)
    throw invalidParameter(`FilterPolicy: Filter policy can not have more than ${mostKeys} keys`);
  const combinations = lists.reduce((product, { values, depth }) => product * values * (depth + 1), 1);
  if (combinations > mostCombinations) throw invalidParameter('FilterPolicy: Filter policy is too complex');
}

/** The keys that a policy compares: how many values each may have, and inside of how many others it lies. */
function* comparedLists(policy: object, depth: number): Generator<{ values: number; depth: number }> {
  for (const [key, value] of Object.entries(policy)) {
    if (key === '$or' && Array.isArray(value)) {
      for (const choice of value) if (typeof choice === 'object' && choice) yield* comparedLists(choice, depth);
    } else if (Array.isArray(value)) yield { values: value.length, depth };
    else if (typeof value === 'object' && value) yield* comparedLists(value, depth + 1);
  }
}
