import { NotSupportedError } from '../aws-error.ts';
import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  BucketName: 'text',
  NotificationConfiguration: 'json',
  Managed: 'flag',
  SkipDestinationValidation: 'flag',
  ServiceToken: withoutEffect('local AWS does itself what the function behind it would do'),
} as const;

type Notifications = Value<typeof properties>;

async function put({ BucketName, NotificationConfiguration, Managed }: Notifications, context: ResourceContext) {
  if (Managed === false) throw new NotSupportedError(`notifications of the imported bucket ${BucketName}`);
  await context.call('s3', 'PutBucketNotificationConfiguration', { Bucket: BucketName, NotificationConfiguration });
  return { physicalId: `${context.stackName}-${context.logicalId}` };
}

/** What the CDK makes of `addEventNotification` and `eventBridgeEnabled`; its own function for it is written in Python. */
export default defineResource({
  type: 'Custom::S3BucketNotifications',
  properties,
  replacedBy: ['BucketName'],
  create: put,
  update: put,
  async delete(_physicalId, context, { BucketName }) {
    await context.attempt(['NoSuchBucket'], 's3', 'PutBucketNotificationConfiguration', {
      Bucket: BucketName,
      NotificationConfiguration: {},
    });
  },
});
