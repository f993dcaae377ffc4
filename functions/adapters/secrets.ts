import { makeSecrets } from 'penstock:pipeline';
import { NotSupportedError } from '../../lib/core/errors/not-supported-error.ts';
import { clientOptions } from './client-options.ts';
import { once } from './once.ts';

/** Only pipelines that hash bring the clients for it. */
export const secrets = once(() => {
  if (makeSecrets) return makeSecrets(clientOptions);
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
