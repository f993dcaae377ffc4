import { NotSupportedError } from '../../aws-error.ts';

/** Refuses by name the members of a request that an operation does not know: nothing is ignored in silence. */
export function refuseUnknown(operation: string, input: any, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`events:${operation} with ${member}`);
  }
}
