import type { Operation } from '../../../service.ts';
import type { Bucket } from '../bucket.ts';
import { s3Error } from '../errors.ts';
import { type Listing, listKeys } from '../listing.ts';
import type { S3State } from '../s3-state.ts';
import { urlEncoder } from '../url-encoding.ts';

const mostKeys = 1000;

export function listObjectsV2({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const encode = urlEncoder(input.EncodingType);
    const after = input.ContinuationToken === undefined ? input.StartAfter : tokenKey(input.ContinuationToken);
    const listing = page(bucket, input, after);
    const owner = input.FetchOwner ? { Owner: { ID: cloud.accountId } } : {};
    return {
      ...pageMembers(bucket, input, listing, encode, owner),
      KeyCount: listing.entries.length,
      ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
      ...(input.StartAfter !== undefined && { StartAfter: encode(input.StartAfter) }),
      ...(listing.next !== undefined && { NextContinuationToken: Buffer.from(listing.next).toString('base64') }),
    };
  };
}

export function listObjects({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const encode = urlEncoder(input.EncodingType);
    const listing = page(bucket, input, input.Marker || undefined);
    return {
      ...pageMembers(bucket, input, listing, encode, { Owner: { ID: cloud.accountId } }),
      Marker: encode(input.Marker ?? ''),
      // Without a delimiter the last key serves as the next marker.
      ...(listing.next !== undefined && input.Delimiter && { NextMarker: encode(listing.next) }),
    };
  };
}

/** How many entries a page may have. Throws InvalidArgument for what is no number of keys. */
export function pageSize(asked: number | undefined): number {
  if (asked === undefined) return mostKeys;
  if (!Number.isInteger(asked) || asked < 0) {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'maxKeys', ArgumentValue: asked },
      'Argument maxKeys must be an integer between 0 and 2147483647',
    );
  }
  return Math.min(asked, mostKeys);
}

function page(bucket: Bucket, input: any, after: string | undefined): Listing {
  const limit = pageSize(input.MaxKeys);
  if (limit === 0) return { entries: [] };
  return listKeys(bucket.keys, {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter,
    after,
    limit,
    include: (key) => bucket.current(key) !== undefined,
  });
}

function pageMembers(bucket: Bucket, input: any, listing: Listing, encode: (text: string) => string, owner: object) {
  const keys = listing.entries.filter(({ isPrefix }) => !isPrefix);
  const prefixes = listing.entries.filter(({ isPrefix }) => isPrefix);
  return {
    IsTruncated: listing.next !== undefined,
    Name: bucket.record.name,
    Prefix: encode(input.Prefix ?? ''),
    ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
    MaxKeys: pageSize(input.MaxKeys),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    Contents: keys.map(({ name }) => {
      const version = bucket.current(name)!;
      return {
        Key: encode(name),
        LastModified: new Date(version.lastModified),
        ETag: `"${version.etag}"`,
        ...(Object.keys(version.checksums).length > 0 && {
          ChecksumAlgorithm: Object.keys(version.checksums),
          ChecksumType: version.checksumType,
        }),
        Size: version.size,
        StorageClass: version.headers.StorageClass ?? 'STANDARD',
        ...owner,
      };
    }),
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes.map(({ name }) => ({ Prefix: encode(name) })) }),
  };
}

function tokenKey(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (Buffer.from(key).toString('base64') === token) return key;
  throw s3Error(
    'InvalidArgument',
    { ArgumentName: 'continuation-token' },
    'The continuation token provided is incorrect',
  );
}
