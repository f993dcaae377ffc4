import { AwsError } from '../aws-error.ts';

/** AWS's answer to a policy document that is not legal, or that local IAM could not hold anyone to. */
export function malformedPolicy(problem: string, value: unknown): AwsError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return new AwsError('MalformedPolicyDocument', `the policy document is refused: ${problem}: ${shown}`);
}
