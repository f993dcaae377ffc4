import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion } from '../find-function.ts';
import { invokeVersion } from '../invocation/invoke-version.ts';
import { invalid, knownMembers } from '../known-members.ts';

const maxSynchronousBytes = 6 * 1024 * 1024;
const maxAsynchronousBytes = 1024 * 1024;

export const invoke =
  (core: LambdaCore): Operation =>
  async (input, context) => {
    knownMembers('Invoke', input, [
      'FunctionName',
      'InvocationType',
      'LogType',
      'ClientContext',
      'Payload',
      'Qualifier',
    ]);
    const { name, qualifier } = findRecord(core, input);
    const version = findVersion(core, { name, qualifier });
    const type = input.InvocationType ?? 'RequestResponse';
    const payload = payloadOf(input.Payload, type);
    switch (type) {
      case 'DryRun':
        return { StatusCode: 204, ExecutedVersion: version.configuration.Version };
      case 'Event':
        core.queue.add({ name, qualifier, payload, clientContext: input.ClientContext, requestId: context.requestId });
        return { StatusCode: 202 };
      case 'RequestResponse': {
        const request = { name, qualifier, payload, clientContext: input.ClientContext, requestId: context.requestId };
        const result = await invokeVersion(core, request);
        return {
          StatusCode: 200,
          ...(result.functionError && { FunctionError: result.functionError }),
          ...(input.LogType === 'Tail' && { LogResult: Buffer.from(result.logTail).toString('base64') }),
          Payload: result.payload,
          ExecutedVersion: result.executedVersion,
        };
      }
      default:
        throw invalid(`InvocationType is RequestResponse, Event or DryRun, got "${type}"`);
    }
  };

/** An absent payload is an empty object to the handler. */
function payloadOf(given: Uint8Array | string | undefined, type: string): Buffer {
  const payload = Buffer.from(given ?? '');
  const most = type === 'Event' ? maxAsynchronousBytes : maxSynchronousBytes;
  if (payload.length > most) {
    const message = `Request must be smaller than ${most} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
  }
  if (payload.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(payload.toString('utf8'));
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return payload;
}
