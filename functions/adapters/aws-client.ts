import { retrySkewed, type SigningClient } from '../../lib/aws/retry-skewed.ts';

/** Throttled calls are worth waiting for: a chunk that fails costs more than its calls. */
export const clientOptions = { maxAttempts: 6 };

/** A client of the SDK as functions use it. */
export function awsClient<Client extends SigningClient>(kind: new (options: typeof clientOptions) => Client): Client {
  return retrySkewed(new kind(clientOptions));
}
