import type { Json } from '../json.ts';
import type { Integration } from './integration.ts';
import { sdkMetadata } from './sdk-metadata.ts';

/** `arn:aws:states:::sqs:sendMessage`: a body that is no string is sent as JSON. */
export const sqs: Integration = {
  errorPrefix: 'SQS',
  serviceName: 'AmazonSQS',
  async call(task, caller) {
    const { MessageBody, ...rest } = task.parameters;
    const output = await caller.call('sqs', 'SendMessage', { ...rest, MessageBody: asText(MessageBody) });
    return {
      output: {
        ...output,
        ...sdkMetadata({
          requestId: caller.requestId,
          time: caller.now(),
          body: output,
          connectionHeader: 'connection',
        }),
      },
    };
  },
};

const asText = (value: Json) => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
