import { AwsError, NotSupportedError } from '../../aws-error.ts';

/** Refuses every member of an input that is not named: what would be ignored is better said. Empty values pass. */
export function knownMembers(operation: string, input: Record<string, unknown>, names: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || names.includes(name)) continue;
    throw new NotSupportedError(`the parameter ${name} of lambda:${operation}`);
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
}

/** Throws unless `value` is a whole number within the limits; `undefined` passes. */
export function wholeNumber(name: string, value: unknown, [least, most]: readonly [number, number]): void {
  if (value === undefined || value === null) return;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must be a whole number between ${least} and ${most}`,
  );
}
