import { NotSupportedError } from '../aws-error.ts';

/**
 * Refuses by name the members of a request that an operation does not know: nothing is ignored in silence.
 * `what` is said in front of the member, e.g. `events:PutRule`.
 */
export function refuseUnknown(what: string, input: object | undefined, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`${what} with ${member}`);
  }
}
