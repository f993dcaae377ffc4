import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { rootCredentials } from '../../../../local/iam/credentials.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';
import { createSts } from '../../../../local/services/sts/index.ts';

let cloud: LocalCloud;
let clock: ManualClock;
let count = 0;
let caller: STSClient;

beforeAll(async () => {
  clock = manualClock();
  cloud = await LocalCloud.start({ services: [createSts, createIam, createSqs], clock });
});
afterAll(() => cloud.close());

const iam = (operation: string, input: object) => cloud.call('iam', operation, input, root(cloud.accountId));

/** The ARN of a new role that may do what `allowed` says, and that lets this account do to it what `trust` says. */
async function newRole({ allowed = {}, trust = {}, more = {} }: Record<string, object> = {}): Promise<string> {
  const RoleName = `role-${count++}`;
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: cloud.accountId }, Action: 'sts:AssumeRole', ...trust },
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  const { Role } = await iam('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify({ Statement }),
    ...more,
  });
  const PolicyDocument = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sqs:ListQueues'], Resource: '*', ...allowed }],
  });
  await iam('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument });
  return Role.Arn;
}

const options = (credentials: any = rootCredentials) => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});
const client = (credentials?: object) => new STSClient(options(credentials));
const asRole = (arn: string) => client(cloud.issueCredentials(cloud.assume(arn, 'caller')));
const assume = (RoleArn: string, more: object = {}, by = caller) =>
  by.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'one', ...more }));
const keysOf = ({ Credentials: { AccessKeyId, SecretAccessKey, SessionToken } }: any) => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  sessionToken: SessionToken,
});

beforeEach(async () => {
  caller ??= asRole(await newRole());
});

test('tells root who it is', async () => {
  expect(await client().send(new GetCallerIdentityCommand({}))).toMatchObject({
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
});

test('gives keys of a role that act as its session', async () => {
  const RoleArn = await newRole();
  const before = clock.now();
  const given = await assume(RoleArn);
  expect(given.Credentials?.Expiration).toEqual(new Date(before + 3_600_000));
  expect(given.AssumedRoleUser?.Arn).toBe(`${RoleArn.replace('iam', 'sts').replace('role/', 'assumed-role/')}/one`);
  expect(given.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z0-9]{17}:one$/);
  expect(await client(keysOf(given)).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: given.AssumedRoleUser?.Arn,
    UserId: given.AssumedRoleUser?.AssumedRoleId,
  });
});

test('gives keys that end at their time on the clock of the cloud', async () => {
  const keys = keysOf(await assume(await newRole(), { DurationSeconds: 900 }));
  const sqs = new SQSClient(options(keys));
  await clock.advance(899_000);
  expect(await sqs.send(new ListQueuesCommand({}))).toHaveProperty('$metadata');
  await clock.advance(1_000);
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
  await expect(client(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
});

test('gives a session no longer than its role allows, and one hour to a session of another role', async () => {
  const usual = await newRole();
  const long = await newRole({ more: { MaxSessionDuration: 7200 } });
  const asRoot = client();
  const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  await expect(assume(usual, { DurationSeconds: 3601 }, asRoot)).rejects.toMatchObject({ message });
  const { Credentials } = await assume(long, { DurationSeconds: 7200 }, asRoot);
  expect(Credentials?.Expiration).toEqual(new Date(clock.now() + 7_200_000));
  await expect(assume(long, { DurationSeconds: 7200 })).rejects.toThrow('1 hour session limit');
});

test('holds a role to the external id that it asks for', async () => {
  const arn = await newRole({ trust: { Condition: { StringEquals: { 'sts:ExternalId': 'shop-1' } } } });
  await expect(assume(arn)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume(arn, { ExternalId: 'shop-2' })).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(await assume(arn, { ExternalId: 'shop-1' })).toHaveProperty('Credentials');
});

test.each([
  ['tags', 'sts:TagSession', { Tags: [{ Key: 'team', Value: 'data' }] }],
  ['a source identity', 'sts:SetSourceIdentity', { SourceIdentity: 'ann' }],
])('lets a session carry %s only where both sides allow it', async (_what, action, more) => {
  const Action = ['sts:AssumeRole', action];
  const open = await newRole({ trust: { Action } });
  const mayBoth = asRole(await newRole({ allowed: { Action } }));
  await expect(assume(open, more)).rejects.toThrow(`is not authorized to perform: ${action} on resource: ${open}`);
  await expect(assume(await newRole(), more, mayBoth)).rejects.toThrow(action);
  expect(await assume(open, more, mayBoth)).toHaveProperty('Credentials');
});

test('does not tell a role that is missing from one that may not be assumed', async () => {
  const arn = 'arn:aws:iam::000000000000:role/nobody';
  await expect(assume(arn)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(`is not authorized to perform: sts:AssumeRole on resource: ${arn}`),
  });
});

test.each<[string, object, string, string]>([
  ['a session policy, which it would not enforce', { Policy: '{}' }, 'NotImplemented', 'Policy'],
  ['a session without a good name', { RoleSessionName: 'a b' }, 'ValidationError', "Value 'a b' at 'roleSessionName'"],
  ['a name of one letter', { RoleSessionName: 'a' }, 'ValidationError', 'length greater than or equal to 2'],
  ['less than 15 minutes', { DurationSeconds: 899 }, 'ValidationError', 'greater than or equal to 900'],
  ['more than 12 hours', { DurationSeconds: 43_201 }, 'ValidationError', 'less than or equal to 43200'],
  ['an ARN that is too short', { RoleArn: 'arn' }, 'ValidationError', "Value 'arn' at 'roleArn'"],
  ['an ARN of something else', { RoleArn: 'arn:aws:s3:::a-long-bucket' }, 'ValidationError', 'is invalid'],
])('refuses %s', async (_what, more, name, text) => {
  const arn = 'arn:aws:iam::000000000000:role/worker';
  await expect(assume(arn, more, client())).rejects.toMatchObject({ name, message: expect.stringContaining(text) });
});
