import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { tooLargeAnswer } from '../environment/outcome.ts';
import { findRecord, findVersion } from '../find-function.ts';
import { type InvocationResult, invokeVersion } from '../invocation/invoke-version.ts';
import { maxStreamedBytes, StreamedResponse } from '../invocation/streamed-response.ts';
import { invalid, knownMembers } from '../known-members.ts';
import { invocationPayload } from './invocation-payload.ts';

/** Answers as soon as the function has written something; what a function returns without streaming is one piece. */
export const invokeWithResponseStream =
  (core: LambdaCore): Operation =>
  async (input, context) => {
    knownMembers('InvokeWithResponseStream', input, [
      'FunctionName',
      'InvocationType',
      'LogType',
      'ClientContext',
      'Payload',
      'Qualifier',
    ]);
    const { name, qualifier } = findRecord(core, input);
    const { Version: ExecutedVersion } = findVersion(core, { name, qualifier }).configuration;
    const payload = invocationPayload(input.Payload, 'RequestResponse');
    if (input.InvocationType === 'DryRun') return { StatusCode: 204, ExecutedVersion };
    if (input.InvocationType !== undefined && input.InvocationType !== 'RequestResponse') {
      throw invalid(`InvocationType is RequestResponse or DryRun, got "${input.InvocationType}"`);
    }
    const sink = new StreamedResponse();
    const { requestId } = context;
    const clientContext = input.ClientContext;
    const invoked = invokeVersion(core, { name, qualifier, payload, clientContext, requestId, sink });
    const ended = passOn(invoked, sink);
    // Told to whoever reads the stream; there may be nobody left.
    ended.catch(() => {});
    await Promise.race([sink.begun, ended]);
    const complete = async () => completion(await ended, sink, input.LogType === 'Tail');
    return { StatusCode: 200, ExecutedVersion, EventStream: sink.events(complete) };
  };

/** What was returned whole goes the same way as what was streamed. */
async function passOn(invoked: Promise<InvocationResult>, sink: StreamedResponse): Promise<InvocationResult> {
  try {
    const result = await invoked;
    if (!result.functionError && result.payload.length > 0) await sink.write(result.payload);
    return result;
  } finally {
    sink.end();
  }
}

function completion(result: InvocationResult, { tooLarge, written }: StreamedResponse, withLog: boolean): object {
  const failed = result.functionError ? result.payload : tooLarge && tooLargeAnswer(written, maxStreamedBytes);
  return {
    ...(failed && { ErrorCode: 'Unhandled', ErrorDetails: failed.toString('utf8') }),
    ...(withLog && { LogResult: Buffer.from(result.logTail).toString('base64') }),
  };
}
