import { AwsError } from '../../aws-error.ts';
import { invalidValue } from './errors.ts';

interface AttributeRule {
  readonly default?: string;
  /** Why AWS would refuse the value; undefined where it is legal. */
  readonly problem: (value: string) => string | undefined;
  readonly fifoOnly?: boolean;
  /** Set when the queue is made, never after. */
  readonly fixed?: boolean;
}

const between =
  (low: number, high: number) =>
  (value: string): string | undefined =>
    /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high
      ? undefined
      : `Must be between ${low} and ${high}.`;
const oneOf =
  (...allowed: string[]) =>
  (value: string): string | undefined =>
    allowed.includes(value) ? undefined : `Valid values are ${allowed.join(', ')}.`;
const json = (value: string): string | undefined => {
  try {
    const parsed = JSON.parse(value);
    return parsed !== null && typeof parsed === 'object' ? undefined : 'It must be a JSON object.';
  } catch {
    return 'It is not valid JSON.';
  }
};
const flag = oneOf('true', 'false');
const mostSources = 10;
const redriveAllow = (value: string): string | undefined => {
  const problem = json(value);
  if (problem !== undefined) return problem;
  const { redrivePermission, sourceQueueArns } = JSON.parse(value);
  if (!['allowAll', 'denyAll', 'byQueue'].includes(redrivePermission))
    return 'Amazon SQS can not create the redrive allow policy.';
  if (redrivePermission !== 'byQueue')
    return sourceQueueArns === undefined ? undefined : 'sourceQueueArns is only for the permission byQueue.';
  const listed = Array.isArray(sourceQueueArns) && sourceQueueArns.length >= 1 && sourceQueueArns.length <= mostSources;
  return listed ? undefined : `sourceQueueArns must name 1 to ${mostSources} queues.`;
};

/** The attributes that a caller may set, their defaults and legal values. */
export const settableAttributes: Readonly<Record<string, AttributeRule>> = {
  DelaySeconds: { default: '0', problem: between(0, 900) },
  MaximumMessageSize: { default: '1048576', problem: between(1024, 1048576) },
  MessageRetentionPeriod: { default: '345600', problem: between(60, 1209600) },
  ReceiveMessageWaitTimeSeconds: { default: '0', problem: between(0, 20) },
  VisibilityTimeout: { default: '30', problem: between(0, 43200) },
  Policy: { problem: json },
  RedrivePolicy: { problem: json },
  RedriveAllowPolicy: { problem: redriveAllow },
  KmsMasterKeyId: { problem: () => undefined },
  KmsDataKeyReusePeriodSeconds: { problem: between(60, 86400) },
  SqsManagedSseEnabled: { default: 'true', problem: flag },
  FifoQueue: { problem: oneOf('true'), fifoOnly: true, fixed: true },
  ContentBasedDeduplication: { default: 'false', problem: flag, fifoOnly: true },
  DeduplicationScope: { default: 'queue', problem: oneOf('messageGroup', 'queue'), fifoOnly: true },
  FifoThroughputLimit: { default: 'perQueue', problem: oneOf('perQueue', 'perMessageGroupId'), fifoOnly: true },
};

/** An empty string takes these away again. */
const removable = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']);

/** Throws AWS's error at the first attribute that is unknown, out of range or not for this kind of queue. */
export function checkAttributes(attributes: Readonly<Record<string, unknown>>, fifo: boolean, exists: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const rule = Object.hasOwn(settableAttributes, name) ? settableAttributes[name]! : undefined;
    if (!rule || (rule.fifoOnly && !fifo)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const text = String(value);
    if (text === '' && removable.has(name)) continue;
    const problem = rule.fixed && exists ? undefined : rule.problem(text);
    if (problem !== undefined) {
      throw new AwsError('InvalidAttributeValue', invalidValue(text, name, problem).message);
    }
  }
}

/** `attributes` laid over the defaults of a new queue. */
export function initialAttributes(
  attributes: Readonly<Record<string, unknown>>,
  fifo: boolean,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, rule] of Object.entries(settableAttributes)) {
    if (rule.default !== undefined && (fifo || !rule.fifoOnly)) result[name] = rule.default;
  }
  return changedAttributes(result, attributes);
}

export function changedAttributes(
  current: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const result = { ...current };
  for (const [name, value] of Object.entries(changes)) {
    if (value === '' && removable.has(name)) delete result[name];
    else result[name] = String(value);
  }
  // A queue has one kind of encryption.
  if (changes.KmsMasterKeyId && changes.SqsManagedSseEnabled === undefined) result.SqsManagedSseEnabled = 'false';
  return result;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Reads the policy of a queue. `maxReceiveCount` may be written as a string. */
export function redrivePolicy(attributes: Readonly<Record<string, string>>): RedrivePolicy | undefined {
  if (attributes.RedrivePolicy === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes.RedrivePolicy);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}
