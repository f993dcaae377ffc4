import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsTriggerQueue } from '../../lib/aws/sqs-trigger-queue.ts';
import { environment } from '../environment.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

export const triggerQueue = once(() => new SqsTriggerQueue(new SQSClient(clientOptions), environment.triggerQueue));
