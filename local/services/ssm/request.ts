import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const validation = (message: string) => new AwsError('ValidationException', message);

/** Refuses by name the members of a request that an operation does not know: nothing is ignored in silence. */
export function refuseUnknown(operation: string, input: any, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member)) throw new NotSupportedError(`ssm:${operation} with ${member}`);
  }
}

/** One page of a list; the token is the place at which the next begins. */
export function paginate<T>(all: readonly T[], input: { MaxResults?: number; NextToken?: string }, size: number) {
  const start = Number(input.NextToken ?? 0);
  const end = start + Number(input.MaxResults ?? size);
  return { page: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
