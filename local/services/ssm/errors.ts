import { AwsError } from '../../aws-error.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);
