import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const badRequest = (message: string) => new AwsError('BadRequestException', message);

export const notFound = (message: string) => new AwsError('NotFoundException', message, 404);

export const alreadyExists = (message: string) => new AwsError('AlreadyExistsException', message);

export const rejected = (message: string) => new AwsError('MessageRejected', message);

/** Refuses by name every member of an input that is not known: what would be ignored is better said. */
export function refuseUnknown(operation: string, input: object, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`ses:${operation} with ${member}`);
  }
}
