import { AwsError } from '../../aws-error.ts';
import type { Failure } from './dynalite.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);

export const tableNotFound = (message = 'Requested resource not found') =>
  new AwsError('ResourceNotFoundException', message);

/** Dynalite's error as ours. What it did not mean to throw stays what it is, and answers 500. */
export function awsError(failure: Failure, details: Record<string, unknown> = {}): Error {
  if (!failure.body) return failure;
  const code = failure.body.__type.split('#').at(-1)!;
  return new AwsError(code, failure.body.message ?? failure.body.Message ?? '', failure.statusCode, details);
}
