import * as sdk from '@aws-sdk/client-sqs';
import { NotSupportedError } from '../../aws-error.ts';

/** Parameters of each operation that are known and not supported. */
const unsupported: Readonly<Record<string, readonly string[]>> = { ReceiveMessage: ['ReceiveRequestAttemptId'] };

/** The parameters of each operation, out of the SDK's own model. */
const known = new Map<string, ReadonlySet<string>>(
  Object.values(sdk)
    .filter((schema: any) => Array.isArray(schema) && schema[0] === 9)
    .map((schema: any) => {
      const input = typeof schema[4] === 'function' ? schema[4]() : schema[4];
      return [schema[2], new Set<string>(input[4])];
    }),
);

/** Throws for a parameter that would be ignored in silence. */
export function checkParameters(operation: string, input: object): void {
  for (const name of Object.keys(input)) {
    const ok = known.get(operation)?.has(name) && !unsupported[operation]?.includes(name);
    if (!ok) throw new NotSupportedError(`sqs:${operation} with ${name}`);
  }
}
