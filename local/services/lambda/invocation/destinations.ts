import { assumeRole } from '../assume-role.ts';
import type { LambdaCore } from '../core.ts';
import { functionArn } from '../find-function.ts';
import type { FunctionRecord, QueuedEvent } from '../state.ts';
import type { InvocationResult } from './invoke-version.ts';
import { sendToTarget } from './send-to-target.ts';

export interface FinishedEvent {
  readonly event: QueuedEvent;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** How often the function has run for it. */
  readonly invokeCount: number;
  /** Of the last run; undefined where there was none. */
  readonly result?: InvocationResult;
}

/** Sends the record of a finished asynchronous invocation to its destination, and a failed event to the dead-letter queue. */
export async function deliverRecord(core: LambdaCore, record: FunctionRecord, finished: FinishedEvent): Promise<void> {
  const { event, condition } = finished;
  const failed = condition !== 'Success';
  const destinations = record.eventInvokeConfigs[event.qualifier ?? '$LATEST']?.DestinationConfig;
  const destination = (failed ? destinations?.OnFailure : destinations?.OnSuccess)?.Destination;
  const caller = assumeRole(core.cloud, record.latest);
  if (destination) {
    const text = JSON.stringify(destinationRecord(core, finished));
    const detailType = `Lambda Function Invocation Result - ${failed ? 'Failure' : 'Success'}`;
    await sendToTarget(core.cloud, destination, { text, detailType }, caller);
  }
  const deadLetterArn = record.latest.configuration.DeadLetterConfig?.TargetArn;
  if (failed && deadLetterArn) await sendToTarget(core.cloud, deadLetterArn, deadLetter(finished), caller);
}

/** A dead letter is the event as it came; what went wrong is in its attributes. */
function deadLetter({ event, result }: FinishedEvent) {
  return {
    text: textOf(event),
    attributes: {
      RequestID: { DataType: 'String', StringValue: event.requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: errorMessage(result).slice(0, 1024) },
    },
  };
}

function errorMessage(result: InvocationResult | undefined): string {
  if (!result) return 'the event was too old';
  const answer = parsed(result.payload.toString('utf8')) as { errorMessage?: string } | null;
  return String(answer?.errorMessage || 'unknown');
}

function destinationRecord(core: LambdaCore, { event, condition, invokeCount, result }: FinishedEvent): object {
  return {
    version: '1.0',
    timestamp: new Date(core.cloud.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(core.cloud, { name: event.functionName, qualifier: event.qualifier ?? '$LATEST' }),
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: parsed(textOf(event)),
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

function textOf(event: QueuedEvent): string {
  return Buffer.from(event.payload, 'base64').toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A custom answer need not be JSON: then its text is the record's value.
    return text;
  }
}
