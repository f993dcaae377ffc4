import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { NotSupportedError } from '../aws-error.ts';
import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { mapOf, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  SourceBucketNames: ['text'],
  SourceObjectKeys: ['text'],
  SourceMarkers: [mapOf('text')],
  SourceMarkersConfig: [{ jsonEscape: 'flag' }],
  DestinationBucketName: 'text',
  DestinationBucketKeyPrefix: 'text',
  Prune: 'flag',
  RetainOnDelete: 'flag',
  UserMetadata: mapOf('text'),
  OutputObjectKeys: 'flag',
  DestinationBucketArn: withoutEffect('the bucket is known by its name'),
  WaitForDistributionInvalidation: withoutEffect('there are no distributions on this machine'),
  ServiceToken: withoutEffect('local AWS does itself what the function behind it would do'),
} as const;

type Deployment = Value<typeof properties>;

/** The kinds of content that `aws s3 sync` tells by a file's ending, for what apps seed their buckets with. */
const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
};

async function deploy(deployment: Deployment, context: ResourceContext, physicalId: string) {
  const { DestinationBucketName: Bucket, SourceObjectKeys: keys = [], UserMetadata: Metadata } = deployment;
  const written = new Set<string>();
  for (const index of keys.keys()) {
    for (const { path, Body } of sources(deployment, index, context)) {
      const Key = prefixOf(deployment) + path;
      const ContentType = contentTypes[extname(path)];
      await context.call('s3', 'PutObject', { Bucket, Key, Body, ContentType, Metadata });
      written.add(Key);
    }
  }
  if (deployment.Prune !== false) await remove(deployment, context, (key) => !written.has(key));
  return {
    physicalId,
    attributes: {
      DestinationBucketArn: `arn:aws:s3:::${Bucket}`,
      SourceObjectKeys: deployment.OutputObjectKeys === false ? [] : keys,
    },
  };
}

const prefixOf = ({ DestinationBucketKeyPrefix = '' }: Deployment) => {
  const prefix = DestinationBucketKeyPrefix.replace(/^\/+|\/+$/g, '');
  return prefix && `${prefix}/`;
};

/** The files of one source, with the values in place that were not known when the app was synthesized. */
function sources(deployment: Deployment, index: number, context: ResourceContext) {
  const [bucket = '', key = ''] = [deployment.SourceBucketNames?.[index], deployment.SourceObjectKeys?.[index]];
  const asset = context.asset(bucket, key);
  if (!asset) throw new Error(`the cloud assembly has no asset for s3://${bucket}/${key}`);
  if (!statSync(asset.path).isDirectory())
    throw new NotSupportedError(`bucket deployments from an archive (${asset.path}); give the folder instead`);
  const files = readdirSync(asset.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const markers = Object.entries(deployment.SourceMarkers?.[index] ?? {});
  const escaped = deployment.SourceMarkersConfig?.[index]?.jsonEscape === true;
  return files.map((entry) => {
    const file = join(entry.parentPath, entry.name);
    let Body = readFileSync(file);
    for (const [marker, value] of markers) {
      if (!Body.includes(marker)) continue;
      const text = escaped ? JSON.stringify(value).slice(1, -1) : value;
      Body = Buffer.from(Body.toString().replaceAll(marker, () => text));
    }
    return { path: relative(asset.path, file).replaceAll(sep, '/'), Body };
  });
}

async function remove(deployment: Deployment, context: ResourceContext, chosen: (key: string) => boolean) {
  const Bucket = deployment.DestinationBucketName;
  for (let ContinuationToken: string | undefined, more = true; more; ) {
    const input = { Bucket, Prefix: prefixOf(deployment), ContinuationToken };
    const page = await context.attempt(['NoSuchBucket'], 's3', 'ListObjectsV2', input);
    for (const { Key } of page?.Contents ?? []) {
      if (chosen(Key)) await context.call('s3', 'DeleteObject', { Bucket, Key });
    }
    ContinuationToken = page?.NextContinuationToken;
    more = ContinuationToken !== undefined;
  }
}

/** What the CDK makes of `BucketDeployment`; its own function for it is written in Python. */
export default defineResource({
  type: 'Custom::CDKBucketDeployment',
  properties,
  replacedBy: ['DestinationBucketName', 'DestinationBucketKeyPrefix'],
  create: (deployment, context) => deploy(deployment, context, context.name(undefined, { maxLength: 128 })),
  update: (deployment, context, { physicalId }) => deploy(deployment, context, physicalId),
  async delete(_physicalId, context, deployment) {
    if (deployment.RetainOnDelete === false) await remove(deployment, context, () => true);
  },
});
