import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { Delivery } from './deliveries.ts';

/**
 * Puts an event that could not be delivered into its target's dead-letter queue, with what went wrong as attributes.
 * Without a queue, or where the queue refuses, the event is dropped, as on AWS; a process warning tells.
 */
export async function sendToDeadLetters(
  cloud: Cloud,
  caller: Principal,
  delivery: Delivery,
  error: Error,
  exhausted: string | undefined,
): Promise<void> {
  const { target, event, ruleArn, attempts } = delivery;
  const dropped = `EventBridge dropped event ${event.id} (${event['detail-type']}) for ${target.Arn}: ${error.message}`;
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return process.emitWarning(dropped);
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const attributes = {
    RULE_ARN: text(ruleArn),
    TARGET_ARN: text(target.Arn),
    ERROR_CODE: text(errorCode(error)),
    ERROR_MESSAGE: text(error.message || 'unknown'),
    ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
    RETRY_ATTEMPTS: { DataType: 'Number', StringValue: String(attempts - 1) },
  };
  const [, , , , account, name] = queueArn.split(':');
  const group = target.SqsParameters?.MessageGroupId;
  try {
    await cloud.call(
      'sqs',
      'SendMessage',
      {
        QueueUrl: `${cloud.endpoint}/${account}/${name}`,
        MessageBody: JSON.stringify(event),
        MessageAttributes: attributes,
        ...(name?.endsWith('.fifo') && { MessageGroupId: group ?? event.id }),
      },
      caller,
    );
  } catch (refused) {
    process.emitWarning(`${dropped}; its dead-letter queue ${queueArn} refused it: ${(refused as Error).message}`);
  }
}

function errorCode(error: Error): string {
  if (!(error instanceof AwsError)) return 'code' in error ? String(error.code) : 'SDK_CLIENT_ERROR';
  if (/AccessDenied|NotAuthorized/.test(error.code)) return 'NO_PERMISSIONS';
  return /NotFound|NonExistent|DoesNotExist/.test(error.code) ? 'NO_RESOURCE' : error.code;
}
