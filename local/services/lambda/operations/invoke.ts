import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion } from '../find-function.ts';
import { invokeVersion } from '../invocation/invoke-version.ts';
import { invalid, knownMembers } from '../known-members.ts';
import { invocationPayload } from './invocation-payload.ts';

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
    const payload = invocationPayload(input.Payload, type);
    switch (type) {
      case 'DryRun':
        return { StatusCode: 204, ExecutedVersion: version.configuration.Version };
      case 'Event':
        core.queue.add({ name, qualifier, payload, clientContext: input.ClientContext, requestId: context.requestId });
        return { StatusCode: 202 };
      case 'RequestResponse': {
        const { requestId, pause } = context;
        const request = { name, qualifier, payload, clientContext: input.ClientContext, requestId };
        const result = await invokeVersion(core, { ...request, ...(pause && { pause }) });
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
