import { AwsError } from '../../aws-error.ts';
import { textTooLarge } from '../../states/payload.ts';
import { describeJsonError } from './describe-json-error.ts';

const invalid = (what: string) =>
  new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${what}'`);

/** The input of an execution as text; `{}` where none was given. Throws InvalidExecutionInput. */
export function validInput(input: string | undefined): string {
  if (input === undefined) return '{}';
  if (input.trim() === '') throw invalid('Invalid execution input.');
  try {
    JSON.parse(input);
  } catch {
    throw invalid(describeJsonError(input));
  }
  if (textTooLarge(input)) throw invalid('The input exceeds the maximum number of bytes: 262144');
  return input;
}
