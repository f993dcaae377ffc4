import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsBuffer } from '../../lib/aws/sqs-buffer.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

/** The queue that hands the function its messages. */
export const buffer = once(() => new SqsBuffer(new SQSClient(clientOptions), environment.buffer));
