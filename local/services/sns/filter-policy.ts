import { AwsError } from '../../aws-error.ts';
import { matchesPattern, validatePattern } from '../events/pattern.ts';
import { invalidParameter } from './errors.ts';
import { type Message, type MessageAttribute, textFor } from './message.ts';
import type { Subscription } from './state.ts';

/** Throws InvalidParameter where a filter policy is not one. An empty text or object stands for none. */
export function checkFilterPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('FilterPolicy: failed to parse JSON');
  }
  if (isEmpty(policy)) return;
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
