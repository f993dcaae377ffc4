import { AwsError, NotSupportedError } from '../../aws-error.ts';

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

/** Refuses by name the members of a request that an operation does not know: nothing is ignored in silence. */
export function refuseUnknown(operation: string, input: any, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input ?? {})) {
    if (value != null && !known.includes(member))
      throw new NotSupportedError(`secretsmanager:${operation} with ${member}`);
  }
}

export function tagsOf(given: readonly { Key: string; Value: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((given ?? []).map(({ Key, Value }) => [Key, Value]));
}

/** One page of a list; the token is the place at which the next begins. */
export function paginate<T>(all: readonly T[], input: { MaxResults?: number; NextToken?: string }) {
  const start = Number(input.NextToken ?? 0);
  const end = start + Number(input.MaxResults ?? 100);
  return { page: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
