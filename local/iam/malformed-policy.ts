import { AwsError } from '../aws-error.ts';

/** The code of IAM's own refusals. */
export const malformed = 'MalformedPolicyDocument';

/** AWS's answer to a policy document that is not legal, or that local IAM could not hold anyone to. */
export function malformedPolicy(problem: string, value: unknown): AwsError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return new AwsError(malformed, `the policy document is refused: ${problem}: ${shown}`);
}
