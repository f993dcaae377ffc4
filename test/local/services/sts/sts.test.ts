import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createSts } from '../../../../local/services/sts/index.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createSts], clock: manualClock() });
});
afterAll(() => cloud.close());

function client(credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as object) {
  return new STSClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: credentials as any,
    maxAttempts: 1,
  });
}

test('tells root who it is', async () => {
  expect(await client().send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
});

test('gives keys of a role that act as its session', async () => {
  const input = { RoleArn: 'arn:aws:iam::000000000000:role/worker', RoleSessionName: 'one' };
  const { Credentials, AssumedRoleUser } = await client().send(new AssumeRoleCommand(input));
  expect(Credentials?.Expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/worker/one');
  const session = client({
    accessKeyId: Credentials!.AccessKeyId,
    secretAccessKey: Credentials!.SecretAccessKey,
    sessionToken: Credentials!.SessionToken,
  });
  expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(AssumedRoleUser?.Arn);
});

test('refuses a session policy, which it would not enforce', async () => {
  const input = { RoleArn: 'arn:aws:iam::000000000000:role/worker', RoleSessionName: 'one', Policy: '{}' };
  await expect(client().send(new AssumeRoleCommand(input))).rejects.toMatchObject({ name: 'NotImplemented' });
});
