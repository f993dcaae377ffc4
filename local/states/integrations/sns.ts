import type { Json } from '../json.ts';
import type { Integration } from './integration.ts';
import { sdkMetadata } from './sdk-metadata.ts';

/** `arn:aws:states:::sns:publish`: a message that is no string is sent as JSON. */
export const sns: Integration = {
  errorPrefix: 'SNS',
  serviceName: 'AmazonSNS',
  async call(task, caller) {
    const { Message, ...rest } = task.parameters;
    const output = await caller.call('sns', 'Publish', { ...rest, Message: asText(Message) });
    const metadata = sdkMetadata({
      requestId: caller.requestId,
      time: caller.now(),
      body: output,
      contentType: 'text/xml',
      connectionHeader: 'connection',
    });
    return { output: { ...output, ...metadata } };
  },
};

const asText = (value: Json) => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value));
