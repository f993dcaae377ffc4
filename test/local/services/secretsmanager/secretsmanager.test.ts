import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createKms } from '../../../../local/services/kms/index.ts';
import { createSecretsManager } from '../../../../local/services/secretsmanager/index.ts';

let clock: ReturnType<typeof manualClock>;
let cloud: LocalCloud;
let client: SecretsManagerClient;
const send = (command: any): Promise<any> => client.send(command);
const create = (Name: string, more: object = { SecretString: 'one' }) =>
  send(new CreateSecretCommand({ Name, ...more }));
const value = (SecretId: string, more: object = {}) => send(new GetSecretValueCommand({ SecretId, ...more }));

beforeEach(async () => {
  clock = manualClock();
  cloud = await LocalCloud.start({ services: [createKms, createSecretsManager], clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SecretsManagerClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await cloud.close();
});

test('gives a secret by its name, its ARN and its ARN without the end', async () => {
  const { ARN } = await create('db/password', { SecretString: '{"user":"a"}', Description: 'd' });
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:db\/password-\w{6}$/);
  for (const id of ['db/password', ARN, ARN.slice(0, -7)]) expect((await value(id)).SecretString).toBe('{"user":"a"}');
  await expect(create('db/password')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(value('other')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('keeps text and bytes as they are, also beyond what KMS takes at once', async () => {
  const long = 'é'.repeat(20_000);
  await create('text', { SecretString: long });
  expect((await value('text')).SecretString).toBe(long);
  await create('bytes', { SecretBinary: Buffer.from([0, 255, 7]) });
  expect([...(await value('bytes')).SecretBinary]).toEqual([0, 255, 7]);
  await expect(create('huge', { SecretString: 'x'.repeat(65_537) })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('moves the stages from version to version', async () => {
  const { VersionId: first } = await create('s');
  const { VersionId: second } = await send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'two' }));
  expect((await value('s')).SecretString).toBe('two');
  expect((await value('s', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
  expect((await value('s', { VersionId: first })).SecretString).toBe('one');
  await send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'three', VersionStages: ['AWSPENDING'] }));
  expect((await value('s')).SecretString).toBe('two');
  await send(
    new UpdateSecretVersionStageCommand({
      SecretId: 's',
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: second,
      MoveToVersionId: first,
    }),
  );
  const { VersionIdsToStages } = await send(new DescribeSecretCommand({ SecretId: 's' }));
  expect(VersionIdsToStages[first]).toEqual(['AWSCURRENT']);
  expect(VersionIdsToStages[second]).toEqual(['AWSPREVIOUS']);
});

test('puts a value once for its token, and refuses another under the same token', async () => {
  await create('s');
  const ClientRequestToken = '11111111-2222-3333-4444-555555555555';
  const put = (SecretString: string) =>
    send(new PutSecretValueCommand({ SecretId: 's', SecretString, ClientRequestToken }));
  await put('two');
  await put('two');
  await expect(put('other')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('changes a secret and lists it', async () => {
  await create('a');
  await create('b', { SecretString: 'x', Tags: [{ Key: 'team', Value: 'data' }] });
  await send(new UpdateSecretCommand({ SecretId: 'a', Description: 'changed', SecretString: 'new' }));
  expect((await value('a')).SecretString).toBe('new');
  const { SecretList } = await send(new ListSecretsCommand({}));
  expect(SecretList.map((secret: any) => [secret.Name, secret.Description])).toEqual([
    ['a', 'changed'],
    ['b', undefined],
  ]);
  const tagged = await send(new ListSecretsCommand({ Filters: [{ Key: 'tag-key', Values: ['team'] }] }));
  expect(tagged.SecretList.map((secret: any) => secret.Name)).toEqual(['b']);
});

test('deletes a secret after its window, and gives it back before', async () => {
  await create('s');
  const remove = (more: object = {}) => send(new DeleteSecretCommand({ SecretId: 's', ...more }));
  await remove({ RecoveryWindowInDays: 7 });
  await expect(value('s')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(create('s')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await send(new RestoreSecretCommand({ SecretId: 's' }));
  expect((await value('s')).SecretString).toBe('one');
  await remove({ RecoveryWindowInDays: 7 });
  await clock.advance(7 * 86_400_000);
  await expect(value('s')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await create('s');
  await remove({ ForceDeleteWithoutRecovery: true });
  await expect(value('s')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('makes passwords by its rules', async () => {
  const make = async (rules: object) => (await send(new GetRandomPasswordCommand(rules))).RandomPassword as string;
  expect(await make({})).toHaveLength(32);
  expect(await make({ PasswordLength: 100, ExcludePunctuation: true, ExcludeCharacters: 'abcABC' })).toMatch(
    /^[d-zD-Z0-9]{100}$/,
  );
  for (let n = 0; n < 20; n++) {
    const password = await make({ PasswordLength: 4 });
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(password).toMatch(kind);
  }
});

test('refuses rotation, which it does not have, by name', async () => {
  await create('s');
  const { RotateSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  await expect(send(new RotateSecretCommand({ SecretId: 's' }))).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('gives several secrets at once, and tells which it could not give', async () => {
  await create('a');
  await create('b', { SecretBinary: Buffer.from('two') });
  const { SecretValues, Errors } = await send(new BatchGetSecretValueCommand({ SecretIdList: ['a', 'none', 'b'] }));
  expect(SecretValues).toMatchObject([
    { Name: 'a', SecretString: 'one', VersionStages: ['AWSCURRENT'] },
    { Name: 'b', SecretBinary: new Uint8Array(Buffer.from('two')) },
  ]);
  expect(Errors).toEqual([
    { SecretId: 'none', ErrorCode: 'ResourceNotFoundException', Message: expect.stringContaining("can't find") },
  ]);
  await expect(send(new BatchGetSecretValueCommand({}))).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('makes a secret once for its token, as clients ask again that lost the answer', async () => {
  const ClientRequestToken = 'a'.repeat(32);
  const first = await create('once', { SecretString: 'one', ClientRequestToken });
  expect(await create('once', { SecretString: 'one', ClientRequestToken })).toMatchObject({
    ARN: first.ARN,
    VersionId: ClientRequestToken,
  });
  await expect(create('once', { SecretString: 'two', ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  await expect(create('once', { SecretString: 'one' })).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create('short', { SecretString: 'one', ClientRequestToken: 'a' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('deletes by force what is going or gone already', async () => {
  const force = { SecretId: 'going', ForceDeleteWithoutRecovery: true };
  await create('going');
  await send(new DeleteSecretCommand({ SecretId: 'going' }));
  for (const _ of [1, 2]) await send(new DeleteSecretCommand(force));
  await expect(value('going')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('gives no version under a stage that it does not have', async () => {
  const { VersionId } = await create('staged');
  await expect(value('staged', { VersionId, VersionStage: 'BLUE' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});
