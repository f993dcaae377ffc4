import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const badRequest = (message: string) => new AwsError('BadRequestException', message);

export const conflict = (message: string) => new AwsError('ConflictException', message, 409);

/** `noun` is the kind of thing that an identifier names: `API`, `Route`. */
export const notFound = (noun: string, id: unknown) =>
  new AwsError('NotFoundException', `Invalid ${noun} identifier specified ${id}`, 404, { ResourceType: noun });

/** Refuses by name every member of an input that is not known: what would be ignored is better said. Null counts as absent. */
export function refuseUnknown(operation: string, input: object, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`apigateway:${operation} with ${member}`);
  }
}
