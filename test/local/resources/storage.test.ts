import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

it('sets up a bucket as the template says, and changes it in place', async () => {
  const dataFolder = join(apps.folder, 'bucket');
  const Dead = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'told' } };
  const Allow = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Dead' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 's3.amazonaws.com' }, Resource: '*' },
        ],
      },
    },
  };
  const bucket = (Properties: object) => ({
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: 'lake', ...Properties },
  });
  const first = await apps.start(
    {
      S: {
        Resources: {
          Dead,
          Allow,
          Lake: {
            ...bucket({
              VersioningConfiguration: { Status: 'Enabled' },
              LifecycleConfiguration: {
                Rules: [
                  { Id: 'old', Status: 'Enabled', Prefix: 'staged/', ExpirationInDays: 7 },
                  {
                    Status: 'Enabled',
                    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
                    NoncurrentVersionExpirationInDays: 30,
                  },
                  { Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }] },
                ],
              },
              NotificationConfiguration: {
                QueueConfigurations: [
                  {
                    Event: 's3:ObjectCreated:*',
                    Queue: { 'Fn::GetAtt': ['Dead', 'Arn'] },
                    Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'in/' }] } },
                  },
                ],
              },
              Tags: [{ Key: 'a', Value: 'b' }],
            }),
            DependsOn: 'Allow',
          },
        },
      },
    },
    { dataFolder },
  );
  const Bucket = 'lake';
  expect(await call(first, 's3', 'GetBucketVersioning', { Bucket })).toMatchObject({ Status: 'Enabled' });
  const { Rules } = await call(first, 's3', 'GetBucketLifecycleConfiguration', { Bucket });
  expect(Rules).toMatchObject([
    { ID: 'old', Filter: { Prefix: 'staged/' }, Expiration: { Days: 7 } },
    { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
  ]);
  await call(first, 's3', 'PutObject', { Bucket, Key: 'in/x', Body: Buffer.from('x') });
  const QueueUrl = first.stacks.S!.resources.Dead!.ref;
  const { Messages } = await call(first, 'sqs', 'ReceiveMessage', {
    QueueUrl,
    WaitTimeSeconds: 2,
    MaxNumberOfMessages: 10,
  });
  const keys = Messages.flatMap(({ Body }: any) => JSON.parse(Body).Records ?? []).map(
    (record: any) => record.s3.object.key,
  );
  expect(keys).toContain('in/x');
  await apps.stop(first);

  const second = await apps.start({ S: { Resources: { Dead, Allow, Lake: bucket({}) } } }, { dataFolder });
  expect(await call(second, 's3', 'GetBucketVersioning', { Bucket })).toMatchObject({ Status: 'Suspended' });
  await expect(call(second, 's3', 'GetBucketLifecycleConfiguration', { Bucket })).rejects.toThrow();
  await apps.stop(second);
});

it('sets up a table, global or not, and changes it in place', async () => {
  const dataFolder = join(apps.folder, 'table');
  const key = {
    AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const plain = (Properties: object) => ({
    Type: 'AWS::DynamoDB::Table',
    Properties: { TableName: 'plain', ...key, ...Properties },
  });
  const global = {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      TableName: 'global',
      ...key,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [{ Region: 'us-east-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    },
  };
  const ttl = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };
  const first = await apps.start({ S: { Resources: { Plain: plain(ttl), Global: global } } }, { dataFolder });
  expect(await call(first, 'dynamodb', 'DescribeTimeToLive', { TableName: 'plain' })).toMatchObject({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
  });
  const backups = await call(first, 'dynamodb', 'DescribeContinuousBackups', { TableName: 'global' });
  expect(backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus).toBe('ENABLED');
  expect(first.stacks.S!.resources.Global!.attributes.StreamArn).toMatch(/table\/global\/stream\//);
  await apps.stop(first);

  const second = await apps.start({ S: { Resources: { Plain: plain({}), Global: global } } }, { dataFolder });
  expect(await call(second, 'dynamodb', 'DescribeTimeToLive', { TableName: 'plain' })).toMatchObject({
    TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
  });
  await apps.stop(second);
});

it('refuses a replica in another region', async () => {
  const Properties = { KeySchema: [], BillingMode: 'PAY_PER_REQUEST', Replicas: [{ Region: 'eu-west-1' }] };
  const starting = apps.start({ S: { Resources: { T: { Type: 'AWS::DynamoDB::GlobalTable', Properties } } } });
  await expect(starting).rejects.toThrow('a replica of a table in eu-west-1');
});
