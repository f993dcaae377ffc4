import { AwsError } from '../../aws-error.ts';

const invalid = (what: string) => new AwsError('InvalidArn', `Invalid Arn: '${what}'`);

/** Throws InvalidArn unless the text is an ARN of Step Functions of one of the given resource types. */
export function validArn(arn: string, ...types: string[]): void {
  if (!arn.startsWith('arn:')) throw invalid(`Invalid ARN prefix: ${arn}`);
  const parts = arn.split(':');
  if (parts.length < 7 || parts[2] !== 'states') throw invalid(`Invalid ARN: ${arn}`);
  if (!types.includes(parts[5]!)) throw invalid(`Resource type not valid in this context: ${parts[5]}`);
}
