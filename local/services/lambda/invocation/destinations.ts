import { NotSupportedError } from '../../../aws-error.ts';
import type { Principal } from '../../../service.ts';
import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { functionArn } from '../find-function.ts';
import { findQueue } from '../find-queue.ts';
import type { FunctionRecord, QueuedEvent } from '../state.ts';
import type { InvocationResult } from './invoke-version.ts';

export interface FinishedEvent {
  readonly event: QueuedEvent;
  /** `Success`, `RetriesExhausted` or `EventAgeExceeded`. */
  readonly condition: string;
  readonly result?: InvocationResult;
}

/** Sends the record of a finished asynchronous invocation to its destination, and a failed event to the dead-letter queue. */
export async function deliverRecord(core: LambdaCore, record: FunctionRecord, finished: FinishedEvent): Promise<void> {
  const { event, condition, result } = finished;
  const failed = condition !== 'Success';
  const destinations = record.eventInvokeConfigs[event.qualifier ?? '$LATEST']?.DestinationConfig;
  const destination = (failed ? destinations?.OnFailure : destinations?.OnSuccess)?.Destination;
  const caller = assumeRole(core.cloud, record.latest);
  if (destination) await send(core, destination, destinationRecord(core, finished), caller);
  const deadLetterArn = record.latest.configuration.DeadLetterConfig?.TargetArn;
  if (failed && deadLetterArn) {
    const attributes = {
      RequestID: { DataType: 'String', StringValue: event.requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: errorMessage(result).slice(0, 1024) },
    };
    await toQueue(core, deadLetterArn, Buffer.from(event.payload, 'base64').toString('utf8'), caller, attributes);
  }
}

function errorMessage(result: InvocationResult | undefined): string {
  if (!result) return 'the event was too old';
  const answer = parsed(result.payload.toString('utf8')) as { errorMessage?: string };
  return String(answer?.errorMessage || 'unknown');
}

async function send(core: LambdaCore, arn: string, record: object, caller: Principal): Promise<void> {
  const text = JSON.stringify(record);
  const service = arn.split(':')[2];
  if (service === 'sqs') return toQueue(core, arn, text, caller);
  if (service === 'lambda') {
    await core.cloud.call(
      'lambda',
      'Invoke',
      { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(text) },
      caller,
    );
    return;
  }
  if (service === 'events') {
    const failed = (record as { requestContext: { condition: string } }).requestContext.condition !== 'Success';
    const entry = {
      EventBusName: arn,
      Source: 'lambda',
      DetailType: `Lambda Function Invocation Result - ${failed ? 'Failure' : 'Success'}`,
      Detail: text,
    };
    await core.cloud.call('events', 'PutEvents', { Entries: [entry] }, caller);
    return;
  }
  throw new NotSupportedError(`${service} as a destination of asynchronous invocations`);
}

async function toQueue(
  core: LambdaCore,
  arn: string,
  body: string,
  caller: Principal,
  MessageAttributes?: object,
): Promise<void> {
  const QueueUrl = await findQueue(core.cloud, arn);
  await core.cloud.call(
    'sqs',
    'SendMessage',
    { QueueUrl, MessageBody: body, ...(MessageAttributes && { MessageAttributes }) },
    caller,
  );
}

function destinationRecord(core: LambdaCore, { event, condition, result }: FinishedEvent): object {
  const qualifier = event.qualifier ?? '$LATEST';
  return {
    version: '1.0',
    timestamp: new Date(core.cloud.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(core.cloud, { name: event.functionName, qualifier }),
      condition,
      approximateInvokeCount: result ? event.attempts + 1 : event.attempts,
    },
    requestPayload: parsed(Buffer.from(event.payload, 'base64').toString('utf8')),
    ...(result && {
      responseContext: {
        statusCode: 200,
        executedVersion: result.executedVersion,
        ...(result.functionError && { functionError: result.functionError }),
      },
      responsePayload: parsed(result.payload.toString('utf8')),
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A custom answer need not be JSON: then its text is the record's value.
    return text;
  }
}
