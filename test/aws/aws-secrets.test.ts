import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsSecrets } from '../../lib/aws/aws-secrets.ts';
import { readSecrets } from '../../lib/runtime/read-secrets.ts';
import { createKms } from '../../local/services/kms/index.ts';
import { createSecretsManager } from '../../local/services/secretsmanager/index.ts';
import { createSsm } from '../../local/services/ssm/index.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

const value = 'correct horse battery staple';
let aws: LocalAws;
let secrets: AwsSecrets;
beforeAll(async () => {
  aws = await startLocalAws([createKms, createSecretsManager, createSsm]);
  const { endpoint, region } = aws.cloud;
  const options = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
  secrets = new AwsSecrets(options);
  await new SecretsManagerClient(options).send(new CreateSecretCommand({ Name: 'shop/key', SecretString: value }));
  await new SecretsManagerClient(options).send(new CreateSecretCommand({ Name: 'short', SecretString: 'hunter2' }));
  await new SSMClient(options).send(
    new PutParameterCommand({ Name: '/shop/key', Value: `${value}!`, Type: 'SecureString' }),
  );
});
afterAll(() => aws.stop());

describe('secrets', () => {
  test('are read by name from Secrets Manager and the parameter store', async () => {
    expect(await readSecrets(secrets, ['secretsmanager:shop/key', 'ssm:/shop/key'])).toEqual({
      'secretsmanager:shop/key': value,
      'ssm:/shop/key': `${value}!`,
    });
  });

  test('are not asked for where there are none', async () => {
    expect(await readSecrets({ read: () => Promise.reject(new Error('asked')) }, [])).toBeUndefined();
  });

  test.each(['secretsmanager:nowhere', 'ssm:/nowhere'])(
    'that are not there fail the chunk for good: %s',
    async (name) => {
      await expect(readSecrets(secrets, [name])).rejects.toMatchObject({
        code: 'SECRET_UNUSABLE',
        problem: `there is no secret "${name}", or no text in it`,
      });
    },
  );

  test('that are too short for a key are refused, and not shown', async () => {
    const error = await readSecrets(secrets, ['secretsmanager:short']).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'SECRET_UNUSABLE', received: '7 bytes' });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});
