import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { defineAction } from '../action.ts';

type Refusal = readonly [code: string, statusCode: number, message: string];

const usual: Refusal = ['ThrottlingException', 400, 'Rate exceeded'];

/** How services say that they are called too often, where they do not say it as most do. */
const refusals: Readonly<Record<string, Refusal>> = {
  s3: ['SlowDown', 503, 'Please reduce your request rate.'],
  sqs: ['RequestThrottled', 403, 'Request is throttled.'],
  sns: ['Throttled', 429, 'Rate exceeded'],
  lambda: ['TooManyRequestsException', 429, 'Rate Exceeded.'],
  dynamodb: [
    'ProvisionedThroughputExceededException',
    400,
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  ],
  monitoring: ['Throttling', 400, 'Rate exceeded'],
  sts: ['Throttling', 400, 'Rate exceeded'],
  iam: ['Throttling', 400, 'Rate exceeded'],
  scheduler: ['ThrottlingException', 429, 'Rate exceeded'],
  apigateway: ['TooManyRequestsException', 429, 'Too Many Requests'],
  ses: ['TooManyRequestsException', 429, 'Too many requests'],
  'execute-api': ['LimitExceededException', 429, 'Rate exceeded'],
};

/** Refuses the call in the words in which its service refuses too many. */
export const throttle = defineAction({
  schema: z.strictObject({ type: z.literal('throttle') }),
  async perform(_settings, { call }) {
    const [code, statusCode, message] = refusals[call.service] ?? usual;
    throw new AwsError(code, message, statusCode);
  },
});
