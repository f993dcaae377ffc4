import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
let app: LocalApp;
const lines: string[] = [];

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['ssm:PutParameter', 'logs:*'], Resource: '*' }] },
      },
    ],
  },
};
const inline = (ZipFile: string, Runtime = 'nodejs24.x') => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Runtime, Handler: 'index.handler', Role: arn('Role'), Code: { ZipFile } },
});
/** Writes down what it is asked, with the SDK of the runtime, and answers as it is told. */
const provider = inline(`
  const { SSM } = require('@aws-sdk/client-ssm');
  const { send } = require('cfn-response');
  exports.handler = async (event, context) => {
    const { ResponseURL, ...asked } = event;
    const { id, answer = 'SUCCESS' } = event.ResourceProperties;
    await new SSM().putParameter({ Name: '/' + event.RequestType, Value: JSON.stringify(asked), Type: 'String', Overwrite: true });
    await send(event, context, answer, { Shout: id.toUpperCase(), Number: 5 }, id);
  };
`);
const custom = (properties: object, Type = 'Custom::Shout') => ({
  Type,
  Properties: { ServiceToken: arn('Provider'), count: 3, flag: true, ...properties },
});
const outbox = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'said' } };
const template = (properties: object) => ({
  Resources: { Role: role, Provider: provider, Said: custom(properties), Outbox: outbox },
  Outputs: { Shout: { Value: { 'Fn::GetAtt': ['Said', 'Shout'] } }, Id: { Value: { Ref: 'Said' } } },
});
const asked = async (type: string) =>
  JSON.parse((await call(app, 'ssm', 'GetParameter', { Name: `/${type}` })).Parameter.Value);

beforeAll(async () => {
  app = await apps.start({ S: template({ id: 'one' }) }, { log: (line) => lines.push(line) });
});
afterAll(() => apps.close());

it('is made by its function, which is asked as CloudFormation asks', async () => {
  expect(app.stacks.S!.outputs).toEqual({ Shout: 'ONE', Id: 'one' });
  expect(await asked('Create')).toEqual({
    RequestType: 'Create',
    ServiceToken: app.stacks.S!.resources.Provider!.attributes.Arn,
    StackId: expect.stringContaining(':stack/S/'),
    RequestId: expect.any(String),
    LogicalResourceId: 'Said',
    ResourceType: 'Custom::Shout',
    ResourceProperties: { ServiceToken: expect.any(String), count: '3', flag: 'true', id: 'one' },
  });
});

it('is updated, and replaced where the function comes back with another id', async () => {
  await app.redeploy(apps.write({ S: template({ id: 'one', more: [1] }) }));
  expect(await asked('Update')).toMatchObject({
    PhysicalResourceId: 'one',
    ResourceProperties: { more: ['1'] },
    OldResourceProperties: { id: 'one', count: '3' },
  });
  await expect(call(app, 'ssm', 'GetParameter', { Name: '/Delete' })).rejects.toThrow();
  await app.redeploy(apps.write({ S: template({ id: 'two' }) }));
  expect(app.stacks.S!.outputs).toEqual({ Shout: 'TWO', Id: 'two' });
  expect(await asked('Delete')).toMatchObject({ PhysicalResourceId: 'one', ResourceProperties: { id: 'one' } });
});

it('fails with the reason of its function, and goes back to what was', async () => {
  const failing = template({ id: 'two', answer: 'FAILED' });
  await expect(app.redeploy(apps.write({ S: failing }))).rejects.toThrow(
    'S/Said: Update was answered with FAILED: See the details in CloudWatch Log Stream',
  );
  expect(app.stacks.S!.outputs.Id).toBe('two');
});

it('fails at once where its function does', async () => {
  const broken = inline("exports.handler = async () => { throw new Error('no way'); };");
  const Resources = { Role: role, Provider: broken, Said: custom({ id: 'x' }, 'AWS::CloudFormation::CustomResource') };
  await expect(apps.start({ T: { Resources } })).rejects.toThrow('no way');
});

it('sets the notifications of a bucket without the Python function of the CDK', async () => {
  const Resources = {
    Role: role,
    Provider: inline('import boto3', 'python3.13'),
    Outbox: outbox,
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'noted', Tags: [{ Key: 'team', Value: 'data' }] } },
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Outbox' }],
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*', Principal: { Service: 's3.amazonaws.com' } }],
        },
      },
    },
    Notifications: {
      Type: 'Custom::S3BucketNotifications',
      DependsOn: 'Policy',
      Properties: {
        ServiceToken: arn('Provider'),
        BucketName: { Ref: 'Bucket' },
        Managed: true,
        NotificationConfiguration: {
          QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'], QueueArn: arn('Outbox') }],
        },
      },
    },
  };
  await app.redeploy(apps.write({ S: { Resources } }));
  expect(lines).toContain('S/Provider is not made: local AWS does its work itself');
  const Bucket = 'noted';
  expect(await call(app, 's3', 'GetBucketNotificationConfiguration', { Bucket })).toMatchObject({
    QueueConfigurations: [{ Events: ['s3:ObjectCreated:*'] }],
  });
  expect((await call(app, 's3', 'GetBucketTagging', { Bucket })).TagSet).toEqual([{ Key: 'team', Value: 'data' }]);
});

it('seeds a bucket without the Python function of the CDK, and clears away what it no longer brings', async () => {
  const template = (key: string, name: string) => ({
    Resources: {
      Role: role,
      Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Bucket: 'assets', S3Key: 'none' } } },
      Provider: {
        ...provider,
        Properties: { ...provider.Properties, Runtime: 'python3.13', Layers: [{ Ref: 'Layer' }] },
      },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'seeded' } },
      Seeds: {
        Type: 'Custom::CDKBucketDeployment',
        Properties: {
          ServiceToken: arn('Provider'),
          SourceBucketNames: ['assets'],
          SourceObjectKeys: [key],
          SourceMarkers: [{ '<<marker>>': name }],
          DestinationBucketName: { Ref: 'Bucket' },
          DestinationBucketKeyPrefix: 'reference',
          RetainOnDelete: false,
        },
      },
    },
  });
  const keys = async () =>
    (await call(app, 's3', 'ListObjectsV2', { Bucket: 'seeded' })).Contents?.map((o: any) => o.Key);
  await app.redeploy(
    apps.write({ S: template('one', 'Ada') }, { one: { 'a.csv': 'name\n<<marker>>', 'b/c.txt': 'x' } }),
  );
  expect(await keys()).toEqual(['reference/a.csv', 'reference/b/c.txt']);
  const { Body, ContentType } = await call(app, 's3', 'GetObject', { Bucket: 'seeded', Key: 'reference/a.csv' });
  expect(ContentType).toBe('text/csv');
  expect(String(await Body.toArray())).toBe('name\nAda');
  await app.redeploy(apps.write({ S: template('two', 'Ada') }, { two: { 'a.csv': 'name' } }));
  expect(await keys()).toEqual(['reference/a.csv']);
  await app.redeploy(apps.write({}));
  await expect(call(app, 's3', 'HeadBucket', { Bucket: 'seeded' })).rejects.toThrow();
});
