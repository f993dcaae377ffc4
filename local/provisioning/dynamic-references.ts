import { NotSupportedError } from '../aws-error.ts';
import { root } from '../iam/authorizer.ts';
import type { Surroundings } from './surroundings.ts';

const pattern = /\{\{resolve:([a-z-]+):([^}]+)\}\}/g;

/** Replaces `{{resolve:ssm:…}}`, `{{resolve:ssm-secure:…}}` and `{{resolve:secretsmanager:…}}` in texts by what they name. */
export async function resolveDynamicReferences(value: unknown, surroundings: Surroundings): Promise<unknown> {
  if (!JSON.stringify(value ?? null).includes('{{resolve:')) return value;
  if (Array.isArray(value)) return Promise.all(value.map((part) => resolveDynamicReferences(part, surroundings)));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(async ([key, part]) => [
      key,
      await resolveDynamicReferences(part, surroundings),
    ]);
    return Object.fromEntries(await Promise.all(members));
  }
  let text = String(value);
  for (const [whole, service, argument] of text.matchAll(pattern)) {
    const found = await lookUp(service!, argument!, surroundings);
    text = text.replace(whole, () => found);
  }
  return text;
}

async function lookUp(service: string, argument: string, { cloud }: Surroundings): Promise<string> {
  const deployer = root(cloud.accountId);
  if (service === 'ssm' || service === 'ssm-secure') {
    const { Parameter } = await cloud.call('ssm', 'GetParameter', { Name: argument, WithDecryption: true }, deployer);
    return Parameter.Value;
  }
  if (service === 'secretsmanager') return secret(argument, cloud);
  throw new NotSupportedError(`dynamic references to ${service}`);
}

/** `id:SecretString:json-key:version-stage:version-id`; the id may be an ARN and hold colons itself. */
async function secret(argument: string, cloud: Surroundings['cloud']): Promise<string> {
  const [, SecretId, key, VersionStage, VersionId] =
    /^(.+?)(?::SecretString(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?)?$/.exec(argument)!;
  const input = { SecretId, ...(VersionStage && { VersionStage }), ...(VersionId && { VersionId }) };
  const { SecretString } = await cloud.call('secretsmanager', 'GetSecretValue', input, root(cloud.accountId));
  return key ? String(JSON.parse(SecretString)[key]) : SecretString;
}
