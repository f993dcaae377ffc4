import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import type { S3State } from '../s3-state.ts';

const nameRule = /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function createBucket({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    const name = String(input.Bucket);
    if (!nameRule.test(name)) throw s3Error('InvalidBucketName', { BucketName: name });
    const asked = input.CreateBucketConfiguration?.LocationConstraint;
    if (asked !== undefined && asked !== cloud.region)
      throw s3Error('InvalidLocationConstraint', { LocationConstraint: asked });
    const answer = { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    if (buckets.find(name)) {
      // In its oldest region S3 answers a repeated creation as the first one.
      if (cloud.region === 'us-east-1') return answer;
      throw s3Error('BucketAlreadyOwnedByYou', { BucketName: name });
    }
    const tags = input.CreateBucketConfiguration?.Tags;
    const ownership = { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? 'BucketOwnerEnforced' }] };
    const publicAccessBlock = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    buckets.create(name, { ownership, publicAccessBlock, ...(tags?.length && { tagging: { TagSet: tags } }) });
    return answer;
  };
}

/** An empty bucket goes, and with it the uploads that were not completed. */
export function deleteBucket({ buckets, uploads }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    buckets.delete(bucket);
    for (const upload of uploads.of(bucket)) uploads.abort(upload);
  };
}

export function headBucket({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    buckets.get(input.Bucket);
    return { BucketRegion: cloud.region, BucketArn: `arn:aws:s3:::${input.Bucket}`, AccessPointAlias: false };
  };
}

export function listBuckets({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    const limit = input.MaxBuckets ?? 10_000;
    const after = input.ContinuationToken ? Buffer.from(input.ContinuationToken, 'base64').toString() : '';
    const found = buckets
      .all()
      .map(({ record }) => record)
      .filter(({ name }) => name.startsWith(input.Prefix ?? '') && name > after)
      .filter(() => input.BucketRegion === undefined || input.BucketRegion === cloud.region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, limit);
    return {
      Buckets: page.map(({ name, createdAt }) => ({
        Name: name,
        CreationDate: new Date(createdAt),
        BucketRegion: cloud.region,
        BucketArn: `arn:aws:s3:::${name}`,
      })),
      Owner: { ID: cloud.accountId },
      ...(input.Prefix !== undefined && { Prefix: input.Prefix }),
      ...(found.length > limit && { ContinuationToken: Buffer.from(page.at(-1)!.name).toString('base64') }),
    };
  };
}

export function getBucketLocation({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    buckets.get(input.Bucket);
    // The oldest region has no name here.
    return cloud.region === 'us-east-1' ? { LocationConstraint: '' } : { LocationConstraint: cloud.region };
  };
}
