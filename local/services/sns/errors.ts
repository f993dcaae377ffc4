import { AwsError } from '../../aws-error.ts';

export const invalidParameter = (reason: string) => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);

export const topicNotFound = () => new AwsError('NotFound', 'Topic does not exist', 404);

export const subscriptionNotFound = () => new AwsError('NotFound', 'Subscription does not exist', 404);
