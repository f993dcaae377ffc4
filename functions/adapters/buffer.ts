import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsBuffer } from '../../lib/aws/sqs-buffer.ts';
import { environment } from '../environment.ts';
import { awsClient } from './aws-client.ts';
import { once } from './once.ts';

/** The queue that hands the function its messages. */
export const buffer = once(() => new SqsBuffer(awsClient(SQSClient), environment.buffer));
