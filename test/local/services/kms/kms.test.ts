import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createKms } from '../../../../local/services/kms/index.ts';

let clock: ReturnType<typeof manualClock>;
let cloud: LocalCloud;
let client: KMSClient;
const send = (command: any): Promise<any> => client.send(command);
const text = (value: string) => Buffer.from(value);
const createKey = async () => (await send(new CreateKeyCommand({}))).KeyMetadata.KeyId as string;

beforeEach(async () => {
  clock = manualClock();
  cloud = await LocalCloud.start({ services: [createKms], clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new KMSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await cloud.close();
});

test('decrypts what it encrypted, in the same context only', async () => {
  const KeyId = await createKey();
  const EncryptionContext = { a: '1', b: '2' };
  const { CiphertextBlob } = await send(new EncryptCommand({ KeyId, Plaintext: text('geheim'), EncryptionContext }));
  const decrypt = (context?: Record<string, string>) =>
    send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  const { Plaintext, KeyId: used } = await decrypt({ b: '2', a: '1' });
  expect([Buffer.from(Plaintext).toString(), used]).toEqual([
    'geheim',
    `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`,
  ]);
  await expect(decrypt()).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  const other = await createKey();
  await expect(send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: other }))).rejects.toMatchObject({
    name: 'IncorrectKeyException',
  });
  await expect(send(new DecryptCommand({ CiphertextBlob: text('something else') }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

test('makes data keys that open again', async () => {
  const KeyId = await createKey();
  const { Plaintext, CiphertextBlob } = await send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  expect(Plaintext).toHaveLength(32);
  expect((await send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext);
});

test('encrypts anew under another key', async () => {
  const [from, to] = [await createKey(), await createKey()];
  const { CiphertextBlob } = await send(new EncryptCommand({ KeyId: from, Plaintext: text('x') }));
  const again = await send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to }));
  const opened = await send(new DecryptCommand({ CiphertextBlob: again.CiphertextBlob, KeyId: to }));
  expect(Buffer.from(opened.Plaintext).toString()).toBe('x');
});

test('finds a key by its alias, and makes those of services with their first use', async () => {
  const KeyId = await createKey();
  await send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }));
  await expect(send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }))).rejects.toMatchObject({
    name: 'AlreadyExistsException',
  });
  expect((await send(new DescribeKeyCommand({ KeyId: 'alias/mine' }))).KeyMetadata.KeyId).toBe(KeyId);
  expect((await send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))).KeyMetadata.KeyManager).toBe('AWS');
  expect((await send(new ListAliasesCommand({}))).Aliases.map((alias: any) => alias.AliasName)).toEqual([
    'alias/aws/s3',
    'alias/mine',
  ]);
  await send(new DeleteAliasCommand({ AliasName: 'alias/mine' }));
  await expect(send(new DescribeKeyCommand({ KeyId: 'alias/mine' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('does not use a key that is disabled, to be deleted, or gone', async () => {
  const KeyId = await createKey();
  const encrypt = () => send(new EncryptCommand({ KeyId, Plaintext: text('x') }));
  await send(new DisableKeyCommand({ KeyId }));
  await expect(encrypt()).rejects.toMatchObject({ name: 'DisabledException' });
  await send(new EnableKeyCommand({ KeyId }));
  const schedule = () => send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect((await schedule()).DeletionDate).toEqual(new Date('2026-01-08T00:00:00Z'));
  await expect(encrypt()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  await send(new CancelKeyDeletionCommand({ KeyId }));
  await send(new EnableKeyCommand({ KeyId }));
  await encrypt();
  await schedule();
  await clock.advance(7 * 86_400_000);
  await expect(encrypt()).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('keeps the policy of a key', async () => {
  const KeyId = await createKey();
  const policy = async () => JSON.parse((await send(new GetKeyPolicyCommand({ KeyId }))).Policy);
  expect((await policy()).Statement[0].Principal).toEqual({ AWS: 'arn:aws:iam::000000000000:root' });
  await send(new PutKeyPolicyCommand({ KeyId, Policy: '{"Version":"2012-10-17","Statement":[]}' }));
  expect((await policy()).Statement).toEqual([]);
});

test('refuses by name the keys that it does not have', async () => {
  await expect(send(new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});
