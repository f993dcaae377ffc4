import { AwsError, NotSupportedError } from '../../aws-error.ts';

/** Refuses every member of an input that is not named: what would be ignored is better said. */
export function knownInput(operation: string, input: Record<string, unknown>, names: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || names.includes(name)) continue;
    throw new NotSupportedError(`the parameter ${name} of logs:${operation}`);
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}
