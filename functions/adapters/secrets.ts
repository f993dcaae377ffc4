import { makeSecrets } from 'penstock:pipeline';
import { type GuardedClient, guardClient } from '../../lib/aws/guard-client.ts';
import { NotSupportedError } from '../../lib/core/errors/not-supported-error.ts';
import { clientOptions } from './aws-client.ts';
import { breaker } from './breaker.ts';
import { once } from './once.ts';

/** Only pipelines that hash bring the clients for it. */
export const secrets = once(() => {
  if (makeSecrets)
    return makeSecrets({
      ...clientOptions,
      guard: (client: GuardedClient) => guardClient(client, 'secrets', breaker()),
    });
  return {
    async read(name: string): Promise<string> {
      throw new NotSupportedError({
        problem: 'the bundle of this pipeline cannot read secrets',
        received: name,
        change: 'synthesize and deploy the pipeline again',
      });
    },
  };
});
