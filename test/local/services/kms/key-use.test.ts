import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import type { Principal } from '../../../../local/service.ts';
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createKms } from '../../../../local/services/kms/index.ts';
import { createS3 } from '../../../../local/services/s3/index.ts';
import { createSecretsManager } from '../../../../local/services/secretsmanager/index.ts';
import { createSns } from '../../../../local/services/sns/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { createSsm } from '../../../../local/services/ssm/index.ts';

const admin = root('000000000000');
const Bucket = 'lake';
let cloud: LocalCloud;
let key: string;
let queue: string;
let QueueUrl: string;
let TopicArn: string;
let UploadId: string;
let roles = 0;

const ask = (service: string, operation: string, input: object, caller: Principal = admin): Promise<any> =>
  cloud.call(service, operation, input, caller);

/** A role that may do everything but with keys, and with `key` what `statement` says. */
async function role(statement?: object): Promise<Principal> {
  const RoleName = `role-${roles++}`;
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const AssumeRolePolicyDocument = JSON.stringify({ Statement: [trust] });
  const { Role } = await ask('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
  const rest = { Effect: 'Allow', NotAction: 'kms:*', Resource: '*' };
  const Statement = statement ? [rest, { Effect: 'Allow', Resource: key, ...statement }] : [rest];
  await ask('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: JSON.stringify({ Statement }) });
  return cloud.assume(Role.Arn, 'session');
}

const withKey = {
  ServerSideEncryption: 'aws:kms',
  get SSEKMSKeyId() {
    return key;
  },
};

beforeAll(async () => {
  const services = [
    createIam,
    createKms,
    createS3,
    createSqs,
    createSns,
    createDynamodb,
    createSecretsManager,
    createSsm,
  ];
  cloud = await LocalCloud.start({ services });
  key = (await ask('kms', 'CreateKey', {})).KeyMetadata.Arn;
  await ask('kms', 'CreateAlias', { AliasName: 'alias/lake', TargetKeyId: key });
  await ask('s3', 'CreateBucket', { Bucket });
  await ask('s3', 'PutObject', { Bucket, Key: 'a', Body: Buffer.from('a'), ...withKey });
  ({ UploadId } = await ask('s3', 'CreateMultipartUpload', { Bucket, Key: 'parts', ...withKey }));
  const Attributes = { KmsMasterKeyId: 'alias/lake' };
  ({ QueueUrl } = await ask('sqs', 'CreateQueue', { QueueName: 'orders', Attributes }));
  queue = 'arn:aws:sqs:us-east-1:000000000000:orders';
  ({ TopicArn } = await ask('sns', 'CreateTopic', { Name: 'news', Attributes }));
  await ask('dynamodb', 'CreateTable', {
    TableName: 'runs',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
  });
  await ask('secretsmanager', 'CreateSecret', { Name: 'token', SecretString: 's', KmsKeyId: key });
  await ask('ssm', 'PutParameter', { Name: '/token', Value: 's', Type: 'SecureString', KeyId: key });
});
afterAll(() => cloud.close());

const calls: [service: string, operation: string, input: () => object, needs: string[], code: string][] = [
  [
    's3',
    'PutObject',
    () => ({ Bucket, Key: 'b', Body: Buffer.from('b'), ...withKey }),
    ['GenerateDataKey'],
    'AccessDenied',
  ],
  ['s3', 'CreateMultipartUpload', () => ({ Bucket, Key: 'c', ...withKey }), ['GenerateDataKey'], 'AccessDenied'],
  [
    's3',
    'UploadPart',
    () => ({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: Buffer.from('a') }),
    ['Decrypt'],
    'AccessDenied',
  ],
  ['s3', 'GetObject', () => ({ Bucket, Key: 'a' }), ['Decrypt'], 'AccessDenied'],
  ['s3', 'HeadObject', () => ({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }), ['Decrypt'], 'AccessDenied'],
  ['s3', 'CopyObject', () => ({ Bucket, Key: 'd', CopySource: 'lake/a' }), ['Decrypt'], 'AccessDenied'],
  [
    's3',
    'CopyObject',
    () => ({ Bucket, Key: 'e', CopySource: 'lake/a', ...withKey }),
    ['Decrypt', 'GenerateDataKey'],
    'AccessDenied',
  ],
  ['sqs', 'SendMessage', () => ({ QueueUrl, MessageBody: 'm' }), ['Decrypt', 'GenerateDataKey'], 'KmsAccessDenied'],
  ['sqs', 'ReceiveMessage', () => ({ QueueUrl }), ['Decrypt'], 'KmsAccessDenied'],
  ['sns', 'Publish', () => ({ TopicArn, Message: 'm' }), ['Decrypt', 'GenerateDataKey'], 'KMSAccessDenied'],
  ['dynamodb', 'GetItem', () => ({ TableName: 'runs', Key: { id: { S: '1' } } }), ['Decrypt'], 'AccessDeniedException'],
  [
    'dynamodb',
    'PutItem',
    () => ({ TableName: 'runs', Item: { id: { S: '1' } } }),
    ['Decrypt'],
    'AccessDeniedException',
  ],
  ['secretsmanager', 'GetSecretValue', () => ({ SecretId: 'token' }), ['Decrypt'], 'AccessDeniedException'],
  [
    'secretsmanager',
    'PutSecretValue',
    () => ({ SecretId: 'token', SecretString: 't' }),
    ['Decrypt', 'GenerateDataKey'],
    'AccessDeniedException',
  ],
  ['ssm', 'GetParameter', () => ({ Name: '/token', WithDecryption: true }), ['Decrypt'], 'AccessDeniedException'],
  [
    'ssm',
    'PutParameter',
    () => ({ Name: '/token', Value: 't', Type: 'SecureString', KeyId: key, Overwrite: true }),
    ['Encrypt'],
    'AccessDeniedException',
  ],
];

describe('whoever uses what a key of KMS encrypts', () => {
  it.each(calls)('needs for %s:%s what AWS needs', async (service, operation, input, needs, code) => {
    const actions = needs.map((action) => `kms:${action}`);
    const via = { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } };
    await ask(service, operation, input(), await role({ Action: actions, Condition: via }));
    for (const missing of actions) {
      const others = ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'].filter((action) => action !== missing);
      await expect(ask(service, operation, input(), await role({ Action: others }))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`is not authorized to perform: ${missing} on resource: ${key}`),
      });
    }
  });

  it('needs nothing for the head of an object, or for writing one that the key does not encrypt', async () => {
    const outsider = await role();
    await ask('s3', 'HeadObject', { Bucket, Key: 'a' }, outsider);
    await ask('s3', 'PutObject', { Bucket, Key: 'plain', Body: Buffer.from('a') }, outsider);
  });

  it.each([
    ['of the object', { 'aws:s3:arn': 'arn:aws:s3:::lake/a' }, true],
    ['of another object', { 'aws:s3:arn': 'arn:aws:s3:::lake/b' }, false],
  ])('is held to the encryption context %s', async (_name, context, allowed) => {
    const entries = Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
    const Condition = { StringEquals: Object.fromEntries(entries) };
    const reading = ask('s3', 'GetObject', { Bucket, Key: 'a' }, await role({ Action: 'kms:Decrypt', Condition }));
    if (allowed) await reading;
    else await expect(reading).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('may use a key that its policy opens, and not one that its policy closes', async () => {
    const opened = await role();
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: admin.arn }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: opened.roleArn }, Action: 'kms:Decrypt', Resource: '*' },
    ];
    const policy = (statements: object[]) =>
      ask('kms', 'PutKeyPolicy', {
        KeyId: key,
        PolicyName: 'default',
        Policy: JSON.stringify({ Statement: statements }),
      });
    const { Policy: before } = await ask('kms', 'GetKeyPolicy', { KeyId: key, PolicyName: 'default' });
    await policy(Statement);
    await ask('s3', 'GetObject', { Bucket, Key: 'a' }, opened);
    await policy([Statement[1]!]);
    const identity = await role({ Action: 'kms:Decrypt' });
    await expect(ask('s3', 'GetObject', { Bucket, Key: 'a' }, identity)).rejects.toMatchObject({
      message: expect.stringContaining('because no resource-based policy allows the kms:Decrypt action'),
    });
    await ask('kms', 'PutKeyPolicy', { KeyId: key, PolicyName: 'default', Policy: before });
  });

  it('may use the own key of a service by way of that service only', async () => {
    const anybody = await role();
    const own = { Bucket, Key: 'own', Body: Buffer.from('a'), ServerSideEncryption: 'aws:kms' };
    const { SSEKMSKeyId } = await ask('s3', 'PutObject', own, anybody);
    await ask('s3', 'GetObject', { Bucket, Key: 'own' }, anybody);
    const direct = ask('kms', 'GenerateDataKey', { KeyId: SSEKMSKeyId, KeySpec: 'AES_256' }, anybody);
    await expect(direct).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('must be named by the key where it is a service', async () => {
    const rule: Principal = { kind: 'service', arn: 'events.amazonaws.com' };
    const open = { Effect: 'Allow', Principal: { Service: rule.arn }, Action: 'sqs:SendMessage', Resource: queue };
    const Attributes = { Policy: JSON.stringify({ Statement: [open] }) };
    await ask('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    const send = () => ask('sqs', 'SendMessage', { QueueUrl, MessageBody: 'm' }, rule);
    await expect(send()).rejects.toMatchObject({ code: 'KmsAccessDenied' });
    const { Policy: before } = await ask('kms', 'GetKeyPolicy', { KeyId: key, PolicyName: 'default' });
    const { Statement } = JSON.parse(before);
    const service = { ...open, Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' };
    const Policy = JSON.stringify({ Statement: [...Statement, service] });
    await ask('kms', 'PutKeyPolicy', { KeyId: key, PolicyName: 'default', Policy });
    await send();
  });
});

it('names the key of an object by its ARN, and refuses what cannot be encrypted', async () => {
  const put = (input: object) => ask('s3', 'PutObject', { Bucket, Key: 'x', Body: Buffer.from('a'), ...input });
  const written = await put({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/lake' });
  expect(written.SSEKMSKeyId).toBe(key);
  await expect(put({ SSEKMSKeyId: key })).rejects.toMatchObject({ code: 'InvalidArgument' });
  await expect(put({ ServerSideEncryption: 'rot13' })).rejects.toMatchObject({ code: 'InvalidArgument' });
  const unknown = put({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/nobody' });
  await expect(unknown).rejects.toMatchObject({ code: 'KMS.NotFoundException' });
});

it('reads nothing while the key is disabled', async () => {
  await ask('kms', 'DisableKey', { KeyId: key });
  await expect(ask('s3', 'GetObject', { Bucket, Key: 'a' })).rejects.toMatchObject({ code: 'KMS.DisabledException' });
  await expect(ask('sqs', 'ReceiveMessage', { QueueUrl })).rejects.toMatchObject({ code: 'KmsDisabled' });
  await expect(ask('sns', 'Publish', { TopicArn, Message: 'm' })).rejects.toMatchObject({ code: 'KMSDisabled' });
  await ask('kms', 'EnableKey', { KeyId: key });
  await ask('s3', 'GetObject', { Bucket, Key: 'a' });
});
