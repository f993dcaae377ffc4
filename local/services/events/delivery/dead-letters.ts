import { AwsError } from '../../../aws-error.ts';
import type { Pending } from '../../../outbox.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { Delivery } from './deliveries.ts';

/**
 * Puts an event that could not be delivered into its target's dead-letter queue, with what went wrong as attributes.
 * Without a queue, or where the queue refuses, the event is dropped, as on AWS; a process warning tells.
 */
export async function sendToDeadLetters(
  cloud: Cloud,
  caller: Principal,
  { item, attempts }: Pending<Delivery>,
  error: Error,
  exhausted: string | undefined,
): Promise<void> {
  const { target, event, ruleArn } = item;
  const dropped = `EventBridge dropped event ${event.id} (${event['detail-type']}) for ${target.Arn}: ${error.message}`;
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return process.emitWarning(dropped);
  const MessageAttributes = {
    RULE_ARN: text(ruleArn),
    TARGET_ARN: text(target.Arn),
    ...failureAttributes(error, attempts, exhausted),
  };
  const MessageBody = JSON.stringify(event);
  const MessageGroupId = target.SqsParameters?.MessageGroupId ?? event.id;
  try {
    await sendToQueue(cloud, queueArn, { MessageBody, MessageAttributes, MessageGroupId }, caller);
  } catch (refused) {
    process.emitWarning(`${dropped}; its dead-letter queue ${queueArn} refused it: ${(refused as Error).message}`);
  }
}

/** The attributes that EventBridge and Scheduler give their dead letters. */
export function failureAttributes(error: Error, attempts: number, exhausted: string | undefined) {
  return {
    ERROR_CODE: text(errorCode(error)),
    ERROR_MESSAGE: text(error.message || 'unknown'),
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
    RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(attempts - 1) },
  };
}

/** Sends to a queue by its ARN; the group counts where the queue is FIFO. */
export async function sendToQueue(
  cloud: Cloud,
  queueArn: string,
  message: { MessageBody: string; MessageAttributes?: object; MessageGroupId?: string },
  caller: Principal,
): Promise<void> {
  const [, , , , account, name] = queueArn.split(':');
  const { MessageGroupId, ...rest } = message;
  const group = name?.endsWith('.fifo') ? { MessageGroupId } : {};
  await cloud.call(
    'sqs',
    'SendMessage',
    { QueueUrl: `${cloud.endpoint}/${account}/${name}`, ...rest, ...group },
    caller,
  );
}

export const text = (StringValue: string) => ({ DataType: 'String', StringValue });

function errorCode(error: Error): string {
  if (!(error instanceof AwsError)) return 'code' in error ? String(error.code) : 'SDK_CLIENT_ERROR';
  if (/AccessDenied|NotAuthorized/.test(error.code)) return 'NO_PERMISSIONS';
  return /NotFound|NonExistent|DoesNotExist/.test(error.code) ? 'NO_RESOURCE' : error.code;
}
