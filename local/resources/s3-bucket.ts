import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';
import { bucketLifecycle, lifecycleShape } from './buckets/lifecycle.ts';
import { bucketNotifications, notificationShape } from './buckets/notifications.ts';

const notEncrypted = withoutEffect('objects are not encrypted at rest on this machine');
const nothingPublic = withoutEffect('local AWS has no anonymous access and no access control lists');

const properties = {
  BucketName: 'text',
  VersioningConfiguration: { Status: 'text' },
  NotificationConfiguration: notificationShape,
  LifecycleConfiguration: lifecycleShape,
  CorsConfiguration: {
    CorsRules: [
      {
        Id: 'text',
        AllowedHeaders: ['text'],
        AllowedMethods: ['text'],
        AllowedOrigins: ['text'],
        ExposedHeaders: ['text'],
        MaxAge: 'number',
      },
    ],
  },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm: notEncrypted, KMSMasterKeyID: notEncrypted },
        BucketKeyEnabled: notEncrypted,
        BlockedEncryptionTypes: notEncrypted,
      },
    ],
  },
  PublicAccessBlockConfiguration: nothingPublic,
  OwnershipControls: nothingPublic,
  AccessControl: nothingPublic,
  IntelligentTieringConfigurations: withoutEffect('storage classes change what storage costs, not what it does'),
  LoggingConfiguration: withoutEffect('access logs of buckets are not written on this machine'),
  MetricsConfigurations: withoutEffect('request metrics of buckets are not measured on this machine'),
  Tags: [{ Key: 'text', Value: 'text' }],
} as const;

type Bucket = Value<typeof properties>;

async function configure(bucket: Bucket, name: string, context: ResourceContext, before?: Bucket): Promise<void> {
  const changed = (property: keyof Bucket) => JSON.stringify(bucket[property]) !== JSON.stringify(before?.[property]);
  const put = (operation: string, input: object) => context.call('s3', operation, { Bucket: name, ...input });
  if (changed('VersioningConfiguration')) {
    const Status = bucket.VersioningConfiguration?.Status ?? 'Suspended';
    await put('PutBucketVersioning', { VersioningConfiguration: { Status } });
  }
  if (changed('LifecycleConfiguration')) {
    const LifecycleConfiguration = bucketLifecycle(bucket.LifecycleConfiguration);
    if (LifecycleConfiguration) await put('PutBucketLifecycleConfiguration', { LifecycleConfiguration });
    else await put('DeleteBucketLifecycle', {});
  }
  if (changed('CorsConfiguration')) {
    const rules = bucket.CorsConfiguration?.CorsRules?.map(({ Id, ExposedHeaders, MaxAge, ...rule }) => ({
      ...rule,
      ID: Id,
      ExposeHeaders: ExposedHeaders,
      MaxAgeSeconds: MaxAge,
    }));
    if (rules) await put('PutBucketCors', { CORSConfiguration: { CORSRules: rules } });
    else await put('DeleteBucketCors', {});
  }
  if (changed('Tags')) {
    // The CDK's function that empties a bucket before its deletion reads in a tag whether it may.
    if (bucket.Tags?.length) await put('PutBucketTagging', { Tagging: { TagSet: bucket.Tags } });
    else await put('DeleteBucketTagging', {});
  }
  if (changed('NotificationConfiguration')) {
    const NotificationConfiguration = bucketNotifications(bucket.NotificationConfiguration);
    await put('PutBucketNotificationConfiguration', { NotificationConfiguration });
  }
}

const provisioned = (name: string, { region }: ResourceContext) => ({
  physicalId: name,
  attributes: {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
  },
});

export default defineResource({
  type: 'AWS::S3::Bucket',
  properties,
  replacedBy: ['BucketName'],
  async create(bucket, context) {
    const Bucket = context.name(bucket.BucketName, { maxLength: 63, lowercase: true });
    const { region } = context;
    const location = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await context.call('s3', 'CreateBucket', { Bucket, ...location });
    await configure(bucket, Bucket, context);
    return provisioned(Bucket, context);
  },
  async update(bucket, context, { physicalId, properties: before }) {
    await configure(bucket, physicalId, context, before);
    return provisioned(physicalId, context);
  },
  async delete(Bucket, context) {
    await context.attempt(['NoSuchBucket'], 's3', 'DeleteBucket', { Bucket });
  },
});
