import type { Json } from '../json.ts';
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
      ...(Payload === undefined ? {} : { Payload: Buffer.from(JSON.stringify(Payload)) }),
      ...(ClientContext === undefined ? {} : { ClientContext: asText(ClientContext) }),
    });
    const text = lambdaPayload(output);
    const version = output.ExecutedVersion ?? '$LATEST';
    const metadata = sdkMetadata({
      requestId: caller.requestId,
      body: text,
      contentType: 'application/json',
      headers: { 'X-Amz-Executed-Version': version, 'x-amzn-Remapped-Content-Length': '0' },
    });
    return {
      output: {
        ExecutedVersion: version,
        Payload: payloadOf(output, text),
        ...metadata,
        StatusCode: output.StatusCode ?? 200,
      },
    };
  },
};

const asText = (value: Json) =>
  typeof value === 'string' ? value : Buffer.from(JSON.stringify(value)).toString('base64');

/** An asynchronous invocation has no payload. */
const payloadOf = (output: Json, text: string) => (output.Payload ? JSON.parse(text) : {});
