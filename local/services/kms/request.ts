import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);

/** Refuses by name the members of a request that an operation does not know: nothing is ignored in silence. */
export function refuseUnknown(operation: string, input: any, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`kms:${operation} with ${member}`);
  }
}

/** One page of a list; the marker is the place at which the next begins. */
export function paginate<T>(all: readonly T[], input: { Limit?: number; Marker?: string }) {
  const start = Number(input.Marker ?? 0);
  const end = start + Number(input.Limit ?? 100);
  return {
    page: all.slice(start, end),
    Truncated: end < all.length,
    NextMarker: end < all.length ? String(end) : undefined,
  };
}
