import * as sdk from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { s3Cloud } from './s3-cloud.ts';

const day = 86_400_000;

describe('buckets', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  let clock: ManualClock;
  const Bucket = 'lake';

  beforeEach(async () => {
    clock = manualClock();
    s3 = await s3Cloud({ clock });
    await s3.client.send(new sdk.CreateBucketCommand({ Bucket }));
  });
  afterEach(() => s3.close());

  it('are made, found, listed and deleted when empty', async () => {
    await s3.client.send(new sdk.CreateBucketCommand({ Bucket: 'another' }));
    await s3.client.send(new sdk.HeadBucketCommand({ Bucket }));
    const { Buckets } = await s3.client.send(new sdk.ListBucketsCommand({}));
    expect(Buckets!.map(({ Name }) => Name)).toEqual(['another', 'lake']);
    await s3.client.send(new sdk.PutObjectCommand({ Bucket, Key: 'x', Body: '' }));
    const full = s3.client.send(new sdk.DeleteBucketCommand({ Bucket }));
    await expect(full).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await s3.client.send(new sdk.DeleteBucketCommand({ Bucket: 'another' }));
    const gone = s3.client.send(new sdk.HeadBucketCommand({ Bucket: 'another' }));
    await expect(gone).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('refuse names that AWS refuses', async () => {
    const bad = s3.client.send(new sdk.CreateBucketCommand({ Bucket: 'No_Capitals' }));
    await expect(bad).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('say where they are', async () => {
    const { LocationConstraint } = await s3.client.send(new sdk.GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint ?? '').toBe('');
    const europe = await s3Cloud({ region: 'eu-central-1' });
    await europe.client.send(new sdk.CreateBucketCommand({ Bucket }));
    const answer = await europe.client.send(new sdk.GetBucketLocationCommand({ Bucket }));
    expect(answer.LocationConstraint).toBe('eu-central-1');
    const again = europe.client.send(new sdk.CreateBucketCommand({ Bucket }));
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await europe.close();
  });

  it('keep their settings as they were put', async () => {
    const cors = { CORSRules: [{ AllowedMethods: ['GET', 'PUT'], AllowedOrigins: ['*'], MaxAgeSeconds: 5 }] };
    await s3.client.send(new sdk.PutBucketCorsCommand({ Bucket, CORSConfiguration: cors }));
    expect((await s3.client.send(new sdk.GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(cors.CORSRules);
    await s3.client.send(new sdk.DeleteBucketCorsCommand({ Bucket }));
    const none = s3.client.send(new sdk.GetBucketCorsCommand({ Bucket }));
    await expect(none).rejects.toMatchObject({ name: 'NoSuchCORSConfiguration' });

    const TagSet = [{ Key: 'team', Value: 'a & b' }];
    await s3.client.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.client.send(new sdk.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);

    const Rules = [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'key' },
        BucketKeyEnabled: true,
      },
    ];
    const usual = await s3.client.send(new sdk.GetBucketEncryptionCommand({ Bucket }));
    expect(usual.ServerSideEncryptionConfiguration!.Rules![0]!.ApplyServerSideEncryptionByDefault!.SSEAlgorithm).toBe(
      'AES256',
    );
    await s3.client.send(new sdk.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    const kept = await s3.client.send(new sdk.GetBucketEncryptionCommand({ Bucket }));
    expect(kept.ServerSideEncryptionConfiguration!.Rules).toEqual(Rules);

    const block = {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    await s3.client.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    const access = await s3.client.send(new sdk.GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration).toEqual(block);

    const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
    await s3.client.send(new sdk.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    const owned = await s3.client.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }));
    expect(owned.OwnershipControls).toEqual(OwnershipControls);

    const LoggingEnabled = { TargetBucket: 'logs', TargetPrefix: 'lake/' };
    await s3.client.send(new sdk.PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
    const logging = await s3.client.send(new sdk.GetBucketLoggingCommand({ Bucket }));
    expect(logging.LoggingEnabled).toEqual(LoggingEnabled);
  });

  it('keep a policy that is one, and only that', async () => {
    const Policy = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }] });
    await s3.client.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.client.send(new sdk.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    const bad = s3.client.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy: 'no' }));
    await expect(bad).rejects.toMatchObject({ name: 'MalformedPolicy' });
    await s3.client.send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
    const gone = s3.client.send(new sdk.GetBucketPolicyCommand({ Bucket }));
    await expect(gone).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  it('tell a queue of the objects that its filter lets through', async () => {
    const call = (operation: string, input: object) =>
      s3.cloud.call('sqs', operation, input, { kind: 'root', arn: 'root' });
    const { QueueUrl } = await call('CreateQueue', { QueueName: 'arrivals' });
    const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:arrivals';
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'in/' }] } };
    const QueueConfigurations = [{ QueueArn, Events: ['s3:ObjectCreated:*' as const], Filter }];
    const NotificationConfiguration = { QueueConfigurations };
    await s3.client.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const kept = await s3.client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(kept.QueueConfigurations).toMatchObject(QueueConfigurations);
    for (const Key of ['in/a b+c', 'out/x']) await s3.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: '1' }));
    const { Messages } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    const bodies = Messages.map(({ Body }: { Body: string }) => JSON.parse(Body));
    expect(bodies[0]).toMatchObject({ Event: 's3:TestEvent', Bucket });
    expect(bodies[1].Records).toMatchObject([
      { eventName: 'ObjectCreated:Put', s3: { object: { key: 'in/a+b%2Bc', size: 1 } } },
    ]);
    expect(bodies).toHaveLength(2);
  });

  it('refuse to notify a queue that does not exist', async () => {
    const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
    const NotificationConfiguration = { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*' as const] }] };
    const put = s3.client.send(
      new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }),
    );
    await expect(put).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('expire objects by their lifecycle when the clock says so', async () => {
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.client.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const Rules = [
      { ID: 'short', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 3 } },
      {
        ID: 'parts',
        Status: 'Enabled' as const,
        Filter: {},
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ];
    await s3.client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    const kept = await s3.client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(kept.Rules).toEqual(Rules);
    for (const Key of ['tmp/a', 'keep/b']) await s3.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: '1' }));
    await s3.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'never' }));
    const keys = async () =>
      (await s3.client.send(new sdk.ListObjectsV2Command({ Bucket }))).Contents!.map(({ Key }) => Key);
    await clock.advance(2 * day);
    expect(await keys()).toEqual(['keep/b', 'tmp/a']);
    expect((await s3.client.send(new sdk.ListMultipartUploadsCommand({ Bucket }))).Uploads).toBe(undefined);
    await clock.advance(day);
    // Told although nobody has asked for the bucket since.
    expect(s3.events.at(-1)!.detail).toMatchObject({ reason: 'Lifecycle Expiration', requester: 's3.amazonaws.com' });
    expect(await keys()).toEqual(['keep/b']);
  });

  it('expire old versions and markers with nothing behind them', async () => {
    const versioning = { Bucket, VersioningConfiguration: { Status: 'Enabled' as const } };
    await s3.client.send(new sdk.PutBucketVersioningCommand(versioning));
    const Rules = [
      {
        Status: 'Enabled' as const,
        Filter: {},
        NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ];
    await s3.client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    for (const Body of ['1', '2', '3']) await s3.client.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body }));
    await clock.advance(3 * day);
    const { Versions } = await s3.client.send(new sdk.ListObjectVersionsCommand({ Bucket }));
    expect(Versions).toHaveLength(2);
  });

  it('answer 501 with the name of what is not supported', async () => {
    const website = { Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'x' } } };
    const put = s3.client.send(new sdk.PutBucketWebsiteCommand(website));
    await expect(put).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('PutBucketWebsite'),
    });
    const locked = s3.client.send(
      new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: '', ObjectLockMode: 'GOVERNANCE' }),
    );
    await expect(locked).rejects.toMatchObject({ message: expect.stringContaining('ObjectLockMode') });
  });
});
