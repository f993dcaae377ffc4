import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SecretUnusableError } from '../core/errors/secret-unusable-error.ts';
import { type SecretService, secretPlace } from '../core/secret-place.ts';
import type { Secrets } from '../runtime/ports/secrets.ts';
import { translateFailure } from './translate-failure.ts';

/** Secrets in Secrets Manager and in the parameter store, by the current version. */
export class AwsSecrets implements Secrets {
  readonly #readers: Readonly<Record<SecretService, (name: string) => Promise<string | undefined>>>;

  constructor(options: { readonly maxAttempts?: number } = {}) {
    const [manager, parameters] = [new SecretsManagerClient(options), new SSMClient(options)];
    this.#readers = {
      secretsmanager: (SecretId) =>
        translateFailure('secretsmanager:GetSecretValue', async () => {
          const { SecretString } = await found(manager.send(new GetSecretValueCommand({ SecretId })));
          return SecretString;
        }),
      ssm: (Name) =>
        translateFailure('ssm:GetParameter', async () => {
          const { Parameter } = await found(parameters.send(new GetParameterCommand({ Name, WithDecryption: true })));
          return Parameter?.Value;
        }),
    };
  }

  async read(secret: string): Promise<string> {
    const { service, name } = secretPlace(secret);
    const value = await this.#readers[service](name);
    if (value !== undefined) return value;
    throw new SecretUnusableError({
      problem: `there is no secret "${secret}", or no text in it`,
      received: secret,
      allowed: 'a secret or parameter of this account and region that holds a text',
      change: service === 'ssm' ? `put the parameter "${name}"` : `create the secret "${name}"`,
    });
  }
}

/** What there is not has no value; any other failure is one. */
async function found<Output extends object>(
  sent: Promise<Output>,
): Promise<Output | { [Key in keyof Output]?: undefined }> {
  return sent.catch((error: unknown) => {
    if (/^(ResourceNotFoundException|ParameterNotFound)$/.test((error as Error).name)) return {} as never;
    throw error;
  });
}
