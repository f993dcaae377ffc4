import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SecretUnusableError } from '../core/errors/secret-unusable-error.ts';
import { type SecretService, secretPlace } from '../core/secret-place.ts';
import type { Secrets } from '../runtime/ports/secrets.ts';
import type { GuardedClient } from './guard-client.ts';
import { translateFailure } from './translate-failure.ts';

/** How a service tells of its secrets; nothing of those that it does not have. */
interface Reader {
  current(name: string): Promise<string | undefined>;
  read(name: string, version: string | undefined): Promise<string | undefined>;
}

export interface AwsSecretsOptions {
  readonly maxAttempts?: number;
  /** Stands before the calls of a client. Default: nothing does. */
  readonly guard?: (client: GuardedClient) => void;
}

/** Secrets in Secrets Manager and in the parameter store. */
export class AwsSecrets implements Secrets {
  readonly #readers: Readonly<Record<SecretService, Reader>>;

  constructor({ guard, ...options }: AwsSecretsOptions = {}) {
    const [manager, parameters] = [new SecretsManagerClient(options), new SSMClient(options)];
    guard?.(manager);
    guard?.(parameters);
    this.#readers = {
      secretsmanager: {
        current: (SecretId) =>
          translateFailure('secretsmanager:DescribeSecret', async () => {
            const { VersionIdsToStages = {} } = await found(manager.send(new DescribeSecretCommand({ SecretId })));
            return Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]!.includes('AWSCURRENT'));
          }),
        read: (SecretId, VersionId) =>
          translateFailure('secretsmanager:GetSecretValue', async () => {
            const { SecretString } = await found(manager.send(new GetSecretValueCommand({ SecretId, VersionId })));
            return SecretString;
          }),
      },
      ssm: {
        // The parameter store names a version only with the value; that of a SecureString stays encrypted.
        current: (Name) =>
          translateFailure('ssm:GetParameter', async () => {
            const { Parameter } = await found(parameters.send(new GetParameterCommand({ Name })));
            return Parameter?.Version?.toString();
          }),
        read: (name, version) =>
          translateFailure('ssm:GetParameter', async () => {
            const Name = version === undefined ? name : `${name}:${version}`;
            const asked = parameters.send(new GetParameterCommand({ Name, WithDecryption: true }));
            const { Parameter } = await found(asked);
            return Parameter?.Value;
          }),
      },
    };
  }

  async current(secret: string): Promise<string> {
    const { service, name } = secretPlace(secret);
    return (await this.#readers[service].current(name)) ?? missing(secret);
  }

  async read(secret: string, version?: string): Promise<string> {
    const { service, name } = secretPlace(secret);
    return (await this.#readers[service].read(name, version)) ?? missing(secret, version);
  }
}

function missing(secret: string, version?: string): never {
  const { service, name } = secretPlace(secret);
  if (version !== undefined)
    throw new SecretUnusableError({
      problem: `the version of the secret "${secret}" that the run began with is gone, or holds no text`,
      received: `version ${version}`,
      allowed: 'the version that was current when the run began: all chunks of a run hash with one key',
      change: 'start the pipeline again; it begins with the version that is current then',
    });
  throw new SecretUnusableError({
    problem: `there is no secret "${secret}", or no text in it`,
    received: secret,
    allowed: 'a secret or parameter of this account and region that holds a text',
    change: service === 'ssm' ? `put the parameter "${name}"` : `create the secret "${name}"`,
  });
}

/** What there is not has no value; any other failure is one. */
async function found<Output extends object>(
  sent: Promise<Output>,
): Promise<Output | { [Key in keyof Output]?: undefined }> {
  return sent.catch((error: unknown) => {
    if (/^(ResourceNotFoundException|ParameterNotFound|ParameterVersionNotFound)$/.test((error as Error).name))
      return {} as never;
    throw error;
  });
}
