import { AwsError } from '../../aws-error.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);
