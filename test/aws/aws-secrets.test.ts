import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsSecrets } from '../../lib/aws/aws-secrets.ts';
import { currentVersions, readSecrets } from '../../lib/runtime/read-secrets.ts';
import { createKms } from '../../local/services/kms/index.ts';
import { createSecretsManager } from '../../local/services/secretsmanager/index.ts';
import { createSsm } from '../../local/services/ssm/index.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

const value = 'correct horse battery staple';
let aws: LocalAws;
let secrets: AwsSecrets;
let manager: SecretsManagerClient;
let parameters: SSMClient;
beforeAll(async () => {
  aws = await startLocalAws([createKms, createSecretsManager, createSsm]);
  const { endpoint, region } = aws.cloud;
  const options = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
  secrets = new AwsSecrets(options);
  [manager, parameters] = [new SecretsManagerClient(options), new SSMClient(options)];
  await manager.send(new CreateSecretCommand({ Name: 'shop/key', SecretString: value }));
  await manager.send(new CreateSecretCommand({ Name: 'short', SecretString: 'hunter2' }));
  await parameters.send(new PutParameterCommand({ Name: '/shop/key', Value: `${value}!`, Type: 'SecureString' }));
});
afterAll(() => aws.stop());

describe('secrets', () => {
  test('are read by name from Secrets Manager and the parameter store', async () => {
    expect(await readSecrets(secrets, ['secretsmanager:shop/key', 'ssm:/shop/key'])).toEqual({
      'secretsmanager:shop/key': value,
      'ssm:/shop/key': `${value}!`,
    });
  });

  test('keep the version that a run began with, whatever has become current since', async () => {
    const names = ['secretsmanager:turning', 'ssm:/turning'];
    const set = async (text: string) => {
      await manager.send(new PutSecretValueCommand({ SecretId: 'turning', SecretString: text }));
      const parameter = { Name: '/turning', Value: text, Type: 'SecureString', Overwrite: true } as const;
      await parameters.send(new PutParameterCommand(parameter));
    };
    await manager.send(new CreateSecretCommand({ Name: 'turning' }));
    await set(`${value} 1`);
    const versions = await currentVersions(secrets, names);
    await set(`${value} 2`);
    const [first, second] = [`${value} 1`, `${value} 2`];
    expect(Object.values((await readSecrets(secrets, names, versions))!)).toEqual([first, first]);
    expect(Object.values((await readSecrets(secrets, names))!)).toEqual([second, second]);
    expect(await currentVersions(secrets, names)).not.toEqual(versions);
    expect(await currentVersions(secrets, [])).toBeUndefined();
  });

  test.each(['secretsmanager:shop/key', 'ssm:/shop/key'])(
    'of which that version is gone fail for good: %s',
    async (name) => {
      const version = name.startsWith('ssm') ? '77' : '00000000-0000-4000-8000-000000000000';
      await expect(readSecrets(secrets, [name], { [name]: version })).rejects.toMatchObject({
        code: 'SECRET_UNUSABLE',
        received: `version ${version}`,
      });
    },
  );

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
