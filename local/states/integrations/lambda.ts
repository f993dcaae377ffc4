import { randomBytes } from 'node:crypto';
import type { Json } from '../json.ts';
import { StatesError } from '../states-error.ts';
import type { Integration } from './integration.ts';
import { lambdaPayload } from './lambda-answer.ts';
import { sdkMetadata } from './sdk-metadata.ts';

/** `arn:aws:states:::lambda:invoke` */
export const lambda: Integration = {
  errorPrefix: 'Lambda',
  serviceName: 'AWSLambda',
  async call(task, caller) {
    const { Payload, ClientContext, ...rest } = task.parameters;
    const output = await caller.call('lambda', 'Invoke', {
      ...rest,
      ...(Payload === undefined || Payload === null ? {} : { Payload: Buffer.from(asText(Payload)) }),
      ...(ClientContext === undefined ? {} : { ClientContext: clientContext(ClientContext) }),
    });
    const text = payloadText(output);
    const version = output.ExecutedVersion ?? '$LATEST';
    const metadata = sdkMetadata({
      requestId: caller.requestId,
      time: caller.now(),
      body: text,
      contentType: 'application/json',
      headers: {
        'X-Amz-Executed-Version': version,
        'X-Amzn-Trace-Id': traceId(caller.now()),
        'x-amzn-Remapped-Content-Length': '0',
      },
    });
    // An asynchronous invocation has no payload.
    const payload = output.Payload ? JSON.parse(text) : {};
    return {
      output: { ExecutedVersion: version, Payload: payload, ...metadata, StatusCode: output.StatusCode ?? 200 },
    };
  },
};

/** A payload that is a string is JSON text already. */
const asText = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));

const clientContext = (value: Json) =>
  typeof value === 'string' ? value : Buffer.from(JSON.stringify(value)).toString('base64');

/** Failures are told in compact JSON here, whatever spaces the function's runtime wrote. */
function payloadText(output: Json): string {
  try {
    return lambdaPayload(output);
  } catch (error) {
    if (!(error instanceof StatesError) || error.reason === undefined) throw error;
    throw new StatesError(error.error, compact(error.reason), { fromTask: true });
  }
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

const traceId = (now: number) =>
  `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0;Lineage=1:${randomBytes(4).toString('hex')}:0`;
