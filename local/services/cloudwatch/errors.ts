import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const missing = (name: string) =>
  new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);

/** Refuses by name the members of a request that an operation does not know: nothing is ignored in silence. */
export function refuseUnknown(what: string, input: any, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`${what} with ${member}`);
  }
}
