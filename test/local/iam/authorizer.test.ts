import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../local/cloud.ts';
import { root } from '../../../local/iam/principals.ts';
import type { Principal, ServiceFactory } from '../../../local/service.ts';
import { createDynamodb } from '../../../local/services/dynamodb/index.ts';
import { createIam } from '../../../local/services/iam/index.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { createSts } from '../../../local/services/sts/index.ts';

/** API Gateway as far as roles are passed to it. */
const createApiGateway: ServiceFactory = () => ({
  name: 'apigateway',
  operations: { CreateIntegration: async () => ({}) },
  permissions: () => [{ action: 'apigateway:POST', resource: '*' }],
  http: async () => {},
});

/** Lambda as far as roles are passed to it. */
const createLambda: ServiceFactory = () => ({
  name: 'lambda',
  operations: { CreateFunction: async () => ({}) },
  permissions: (operation) => [
    { action: `lambda:${operation}`, resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
  ],
  http: async () => {},
});

let cloud: LocalCloud;
let admin: Principal;
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const queueUrl = () => `${cloud.endpoint}/000000000000/jobs`;
const asAdmin = (service: string, operation: string, input: object) => cloud.call(service, operation, input, admin);
const statement = (Action: unknown, Resource: unknown, more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource, ...more }] });

let count = 0;
/** A session of a new role that trusts Lambda and has these inline policies. */
async function roleWith(...policies: string[]): Promise<Principal> {
  const RoleName = `role-${count++}`;
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  });
  const { Role } = await asAdmin('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
  for (const [index, PolicyDocument] of policies.entries()) {
    await asAdmin('iam', 'PutRolePolicy', { RoleName, PolicyName: `p${index}`, PolicyDocument });
  }
  return cloud.assume(Role.Arn, 'session');
}

const send = (caller: Principal) =>
  cloud.call('sqs', 'SendMessage', { QueueUrl: queueUrl(), MessageBody: 'x' }, caller);
/** What SQS answers: the MD5 of "x". */
const sent = { MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6' };
const setQueuePolicy = (policy: object | undefined) =>
  asAdmin('sqs', 'SetQueueAttributes', {
    QueueUrl: queueUrl(),
    Attributes: { Policy: policy ? JSON.stringify({ Version: '2012-10-17', Statement: [policy] }) : '' },
  });

beforeAll(async () => {
  cloud = await LocalCloud.start({
    services: [createIam, createSqs, createS3, createDynamodb, createSts, createLambda, createApiGateway],
  });
  admin = root(cloud.accountId);
  await asAdmin('sqs', 'CreateQueue', { QueueName: 'jobs' });
  await asAdmin('s3', 'CreateBucket', { Bucket: 'lake' });
});
afterAll(() => cloud.close());

describe('a role', () => {
  it('may do what its policies allow, and is told who may not do what', async () => {
    const worker = await roleWith(statement('sqs:SendMessage', queueArn));
    await expect(send(worker)).resolves.toHaveProperty('MessageId');
    await expect(cloud.call('sqs', 'PurgeQueue', { QueueUrl: queueUrl() }, worker)).rejects.toMatchObject({
      code: 'AccessDenied',
      statusCode: 403,
      message:
        `User: ${worker.arn} is not authorized to perform: sqs:PurgeQueue on resource: ${queueArn} ` +
        'because no identity-based policy allows the sqs:PurgeQueue action',
    });
  });

  it('is refused in the words of each service', async () => {
    const worker = await roleWith();
    const read = cloud.call('s3', 'GetObject', { Bucket: 'lake', Key: 'a/b' }, worker);
    await expect(read).rejects.toMatchObject({ code: 'AccessDenied', statusCode: 403 });
    await expect(read).rejects.toThrow('s3:GetObject on resource: "arn:aws:s3:::lake/a/b" because');
    const get = cloud.call('dynamodb', 'GetItem', { TableName: 'runs', Key: {} }, worker);
    await expect(get).rejects.toMatchObject({ code: 'AccessDeniedException', statusCode: 400 });
  });

  it('gains and loses permissions at once', async () => {
    const worker = await roleWith();
    const RoleName = worker.roleArn!.split('/').at(-1);
    await expect(send(worker)).rejects.toThrow('not authorized');
    await asAdmin('iam', 'PutRolePolicy', { RoleName, PolicyName: 'x', PolicyDocument: statement('sqs:*', '*') });
    await expect(send(worker)).resolves.toMatchObject(sent);
    await asAdmin('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'x' });
    await expect(send(worker)).rejects.toThrow('not authorized');
  });

  it('has the permissions of managed policies, its account’s and AWS’s', async () => {
    const worker = await roleWith();
    const RoleName = worker.roleArn!.split('/').at(-1);
    const { Policy } = await asAdmin('iam', 'CreatePolicy', {
      PolicyName: 'senders',
      PolicyDocument: statement('sqs:SendMessage', '*'),
    });
    await asAdmin('iam', 'AttachRolePolicy', { RoleName, PolicyArn: Policy.Arn });
    await expect(send(worker)).resolves.toMatchObject(sent);
    const receiving = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
    await asAdmin('iam', 'AttachRolePolicy', { RoleName, PolicyArn: receiving });
    const { Messages } = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl: queueUrl() }, worker);
    expect(Messages).toMatchObject([{ Body: 'x' }]);
    const unknown = { RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AmazonRedshiftFullAccess' };
    await expect(asAdmin('iam', 'AttachRolePolicy', unknown)).rejects.toMatchObject({ statusCode: 501 });
  });

  it('cannot be assumed where it is not there, or does not trust the service', async () => {
    expect(() => cloud.assume('arn:aws:iam::000000000000:role/nobody', 's')).toThrow(/no role .*nobody/);
    const worker = await roleWith();
    expect(() => cloud.assume(worker.roleArn!, 's', { service: 'lambda.amazonaws.com' })).not.toThrow();
    expect(() => cloud.assume(worker.roleArn!, 's', { service: 'states.amazonaws.com' })).toThrow(
      /User: states.amazonaws.com is not authorized to perform: sts:AssumeRole/,
    );
  });

  it('is reported with what it used, was denied and never used', async () => {
    const worker = await roleWith(
      statement(['sqs:SendMessage', 'sqs:PurgeQueue'], queueArn),
      statement('s3:Get*', '*'),
    );
    await send(worker);
    await send(worker);
    await cloud.call('sqs', 'DeleteQueue', { QueueUrl: queueUrl() }, worker).catch(() => {});
    const report = cloud.authorizer.accessReport().find(({ role }) => worker.roleArn!.endsWith(`/${role}`));
    expect(report).toMatchObject({
      used: [{ action: 'sqs:SendMessage', calls: 2, resources: [queueArn] }],
      denied: [{ action: 'sqs:DeleteQueue', resource: queueArn, calls: 1 }],
      neverUsed: [
        { action: 'sqs:PurgeQueue', resources: [queueArn] },
        { action: 's3:Get*', resources: ['*'] },
      ],
    });
  });
});

describe('a missing object', () => {
  const read = (caller: Principal) => cloud.call('s3', 'GetObject', { Bucket: 'lake', Key: 'missing' }, caller);

  it('is denied to who may not list the bucket, or only under a prefix', async () => {
    const reader = await roleWith(statement('s3:GetObject', '*'));
    await expect(read(reader)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket'),
    });
    const Condition = { StringLike: { 's3:prefix': '*' } };
    const lister = await roleWith(statement('s3:GetObject', '*'), statement('s3:ListBucket', '*', { Condition }));
    await expect(read(lister)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('is missing to who may list the bucket', async () => {
    const lister = await roleWith(statement(['s3:GetObject', 's3:ListBucket'], '*'));
    await expect(read(lister)).rejects.toMatchObject({ code: 'NoSuchKey' });
    await expect(read(admin)).rejects.toMatchObject({ code: 'NoSuchKey' });
  });
});

describe('conditions on the items of a table', () => {
  it('hold a role to the partition keys that it may touch', async () => {
    await asAdmin('dynamodb', 'CreateTable', {
      TableName: 'runs',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RUN#mine-*'] } };
    const worker = await roleWith(statement('dynamodb:*', '*', { Condition }));
    const put = (...keys: string[]) => {
      const runs = keys.map((key) => ({ PutRequest: { Item: { pk: { S: key } } } }));
      return cloud.call('dynamodb', 'BatchWriteItem', { RequestItems: { runs } }, worker);
    };
    await expect(put('RUN#mine-1', 'RUN#mine-2')).resolves.toMatchObject({ UnprocessedItems: {} });
    await expect(put('RUN#mine-1', 'RUN#other')).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('the policy of a resource', () => {
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/arrived';
  const service = (sourceArn?: string): Principal => ({ kind: 'service', arn: 'events.amazonaws.com', sourceArn });

  it('decides on services, by what they act for', async () => {
    await setQueuePolicy(undefined);
    await expect(send(service(rule))).rejects.toThrow(
      'because no resource-based policy allows the sqs:SendMessage action',
    );
    await setQueuePolicy({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    });
    await expect(send(service(rule))).resolves.toMatchObject(sent);
    await expect(send(service(`${rule}-other`))).rejects.toThrow('not authorized');
    await expect(send(service())).rejects.toThrow('not authorized');
  });

  it('allows a role that it names, without a policy of the role', async () => {
    const worker = await roleWith();
    await setQueuePolicy({ Effect: 'Allow', Action: 'sqs:*', Principal: { AWS: worker.roleArn }, Resource: '*' });
    await expect(send(worker)).resolves.toMatchObject(sent);
  });

  it('denies what a role’s own policy allows', async () => {
    const worker = await roleWith(statement('sqs:*', '*'));
    await setQueuePolicy({ Effect: 'Deny', Action: 'sqs:*', Principal: '*', Resource: '*' });
    await expect(send(worker)).rejects.toThrow('with an explicit deny in a resource-based policy');
    await setQueuePolicy(undefined);
  });

  it('that demands TLS is met by loopback', async () => {
    const worker = await roleWith(statement('sqs:*', '*'));
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    await setQueuePolicy({ Effect: 'Deny', Action: 'sqs:*', Principal: '*', Resource: '*', Condition });
    await expect(send(worker)).resolves.toMatchObject(sent);
  });

  it('is refused where local IAM could not hold anyone to it', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    const policy = { Effect: 'Allow', Action: 'sqs:*', Principal: '*', Resource: '*', Condition };
    await expect(setQueuePolicy(policy)).rejects.toThrow('condition key aws:PrincipalOrgID');
  });

  it('of a bucket speaks of its objects', async () => {
    const worker = await roleWith();
    await asAdmin('s3', 'PutObject', { Bucket: 'lake', Key: 'open/x', Body: Buffer.from('x') });
    const open = {
      Effect: 'Allow',
      Principal: { AWS: worker.roleArn },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::lake/open/*',
    };
    await asAdmin('s3', 'PutBucketPolicy', { Bucket: 'lake', Policy: JSON.stringify({ Statement: [open] }) });
    const get = (Key: string) => cloud.call('s3', 'GetObject', { Bucket: 'lake', Key }, worker);
    await expect(get('open/x')).resolves.toMatchObject({ ContentLength: 1 });
    await expect(get('closed/x')).rejects.toMatchObject({ code: 'AccessDenied' });
  });
});

describe('assuming a role over STS', () => {
  const assume = (RoleArn: string, caller: Principal) =>
    cloud.call('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'other' }, caller);
  async function roleTrusting(AWS: string): Promise<string> {
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } }];
    const RoleName = `target-${count++}`;
    const AssumeRolePolicyDocument = JSON.stringify({ Statement });
    return (await asAdmin('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument })).Role.Arn;
  }

  it('needs no policy of a caller that the role names', async () => {
    const caller = await roleWith();
    await expect(assume(await roleTrusting(caller.roleArn!), caller)).resolves.toHaveProperty('Credentials');
  });

  it('needs a policy of a caller whose account the role trusts', async () => {
    const target = await roleTrusting(cloud.accountId);
    await expect(assume(target, await roleWith())).rejects.toThrow(`sts:AssumeRole on resource: ${target}`);
    await expect(assume(target, await roleWith(statement('sts:AssumeRole', target)))).resolves.toHaveProperty(
      'Credentials',
    );
  });

  it('is refused to a caller whom the role does not trust, whatever its policy allows', async () => {
    const target = await roleTrusting('arn:aws:iam::000000000000:role/somebody-else');
    await expect(assume(target, await roleWith(statement('sts:*', '*')))).rejects.toThrow('not authorized');
  });
});

describe('passing a role', () => {
  const create = (caller: Principal, Role: string) =>
    cloud.call('lambda', 'CreateFunction', { FunctionName: 'f', Role }, caller);

  it('needs iam:PassRole, to the service that it is passed to', async () => {
    const passed = (await roleWith()).roleArn!;
    const without = await roleWith(statement('lambda:*', '*'));
    await expect(create(without, passed)).rejects.toThrow(`iam:PassRole on resource: ${passed}`);
    const toStates = { Condition: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } } };
    const wrong = await roleWith(statement('lambda:*', '*'), statement('iam:PassRole', passed, toStates));
    await expect(create(wrong, passed)).rejects.toThrow('iam:PassRole');
    const right = await roleWith(statement('lambda:*', '*'), statement('iam:PassRole', passed));
    await expect(create(right, passed)).resolves.toEqual({});
  });

  it('needs iam:PassRole for the role that an API calls with, whomever that trusts', async () => {
    const CredentialsArn = (await roleWith()).roleArn!;
    const integrate = (caller: Principal) => cloud.call('apigateway', 'CreateIntegration', { CredentialsArn }, caller);
    const without = await roleWith(statement('apigateway:*', '*'));
    await expect(integrate(without)).rejects.toThrow(`iam:PassRole on resource: ${CredentialsArn}`);
    const condition = { Condition: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } } };
    const right = statement('iam:PassRole', CredentialsArn, condition);
    await expect(integrate(await roleWith(statement('apigateway:*', '*'), right))).resolves.toEqual({});
  });

  it('is refused, to root too, where the role does not trust the service', async () => {
    await expect(create(admin, 'arn:aws:iam::000000000000:role/nobody')).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });
});
