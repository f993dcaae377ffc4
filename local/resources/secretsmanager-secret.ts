import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  Name: 'text',
  Description: 'text',
  SecretString: 'text',
  GenerateSecretString: {
    SecretStringTemplate: 'text',
    GenerateStringKey: 'text',
    PasswordLength: 'number',
    ExcludeCharacters: 'text',
    ExcludeLowercase: 'flag',
    ExcludeNumbers: 'flag',
    ExcludePunctuation: 'flag',
    ExcludeUppercase: 'flag',
    IncludeSpace: 'flag',
    RequireEachIncludedType: 'flag',
  },
  KmsKeyId: withoutEffect('secrets on this machine are as safe as its disk'),
  Tags: tags,
} as const;

type Secret = Value<typeof properties>;

/** A given text, or a generated password, by itself or as one member of the template's JSON. */
async function secretString(secret: Secret, context: ResourceContext): Promise<string | undefined> {
  if (!secret.GenerateSecretString) return secret.SecretString;
  const { SecretStringTemplate, GenerateStringKey, ...rules } = secret.GenerateSecretString;
  const { RandomPassword } = await context.call('secretsmanager', 'GetRandomPassword', rules);
  if (!GenerateStringKey) return RandomPassword;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate ?? '{}'), [GenerateStringKey]: RandomPassword });
}

const provisioned = (name: string, arn: string) => ({ physicalId: name, ref: arn, attributes: { Id: arn } });

export default defineResource({
  type: 'AWS::SecretsManager::Secret',
  properties,
  replacedBy: ['Name'],
  async create(secret, context) {
    const Name = context.name(secret.Name, { maxLength: 512 });
    const SecretString = await secretString(secret, context);
    const { Description } = secret;
    const { ARN } = await context.call('secretsmanager', 'CreateSecret', { Name, Description, SecretString });
    return provisioned(Name, ARN);
  },
  async update(secret, context, { physicalId, properties: before }) {
    const { Description } = secret;
    const of = (one: Secret) => JSON.stringify([one.SecretString, one.GenerateSecretString]);
    // A generated secret keeps its value for as long as the rules that made it stay the same.
    const SecretString = of(secret) === of(before) ? undefined : await secretString(secret, context);
    const input = { SecretId: physicalId, Description, SecretString };
    const { ARN } = await context.call('secretsmanager', 'UpdateSecret', input);
    return provisioned(physicalId, ARN);
  },
  async delete(SecretId, context) {
    const input = { SecretId, ForceDeleteWithoutRecovery: true };
    await context.attempt(['ResourceNotFoundException'], 'secretsmanager', 'DeleteSecret', input);
  },
});
