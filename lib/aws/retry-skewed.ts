import { minute } from '../core/durations.ts';
import type { GuardedClient } from './guard-client.ts';

/** The SDK takes clocks to be off from here on, and services refuse soon after. */
const mostMilliseconds = 4 * minute;

interface Refused {
  $metadata?: { clockSkewCorrected?: boolean };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * Lets a client try again what was refused because it was signed with the wrong time. The SDK does so where a clock goes
 * wrong; where one that was off has been set right, it learns the time from the refusal and gives up all the same.
 */
export function retrySkewed<Client extends GuardedClient>(client: Client): Client {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { $metadata, $response } = error as Refused;
        const signedAt = timeOf(args.request?.headers?.['x-amz-date']);
        const answeredAt = Date.parse($response?.headers?.date ?? '');
        if ($metadata && Math.abs(answeredAt - signedAt) >= mostMilliseconds) $metadata.clockSkewCorrected = true;
        throw error;
      }
    },
    // Outside of what makes an error of the answer, inside of what signs.
    { step: 'deserialize', priority: 'high', name: 'penstockSkew' },
  );
  return client;
}

/** Of `20261121T220000Z`, in milliseconds since the epoch. */
function timeOf(signed = ''): number {
  return Date.parse(signed.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
