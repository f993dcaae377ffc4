import { AwsError } from '../../aws-error.ts';
import { textTooLarge } from '../../states/payload.ts';

/** The input of an execution as text; `{}` where none was given. Throws InvalidExecutionInput. */
export function validInput(input: string | undefined): string {
  if (input === undefined) return '{}';
  try {
    JSON.parse(input);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
  if (textTooLarge(input)) {
    throw new AwsError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: the input exceeds 262144 bytes',
    );
  }
  return input;
}
