import { crc32 } from 'node:zlib';
import type { Integration } from './integration.ts';
import { capitalized } from './names.ts';
import { sdkMetadata } from './sdk-metadata.ts';

/** `arn:aws:states:::dynamodb:getItem`, `putItem`, `updateItem`, `deleteItem` */
export const dynamodb: Integration = {
  errorPrefix: 'DynamoDB',
  serviceName: 'AmazonDynamoDBv2',
  async call(task, caller) {
    const { resource } = task;
    const action = resource.kind === 'service' ? resource.action : '';
    const output = await caller.call('dynamodb', capitalized(action), task.parameters);
    const metadata = sdkMetadata({
      requestId: caller.requestId,
      time: caller.now(),
      body: output,
      headers: { Server: 'Server', 'x-amz-crc32': String(crc32(JSON.stringify(output))) },
    });
    return { output: { ...output, ...metadata } };
  },
};
