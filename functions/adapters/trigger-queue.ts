import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsBuffer } from '../../lib/aws/sqs-buffer.ts';
import { SqsTriggerQueue } from '../../lib/aws/sqs-trigger-queue.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { once } from './once.ts';

const client = once(() => awsClient(SQSClient));

export const triggerQueue = once(() => new SqsTriggerQueue(client(), environment.triggerQueue));

/** The same queue, as the one that hands the function its messages. */
export const triggerBuffer = once(() => new SqsBuffer(client(), environment.triggerQueue));
