import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = { Bucket: 'text', PolicyDocument: 'json' } as const;

async function put({ Bucket, PolicyDocument }: Value<typeof properties>, context: ResourceContext) {
  await context.call('s3', 'PutBucketPolicy', { Bucket, Policy: JSON.stringify(PolicyDocument) });
  return { physicalId: Bucket! };
}

export default defineResource({
  type: 'AWS::S3::BucketPolicy',
  properties,
  replacedBy: ['Bucket'],
  create: put,
  update: put,
  async delete(Bucket, context) {
    await context.attempt(['NoSuchBucket', 'NoSuchBucketPolicy'], 's3', 'DeleteBucketPolicy', { Bucket });
  },
});
