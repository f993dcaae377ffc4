import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

describe('copies and tags', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  const Bucket = 'lake';
  const put = (Key: string, options: object = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'data', ...options }));
  const get = (Key: string) => s3.client.send(new GetObjectCommand({ Bucket, Key }));
  const copy = (from: string, Key: string, options: object = {}) =>
    s3.client.send(
      new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(from)}`, ...options }),
    );
  const tags = async (Key: string) => (await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

  beforeAll(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.close());

  it('copies bytes, headers, metadata and tags', async () => {
    const source = await put('a b+ü', { ContentType: 'text/csv', Metadata: { m: '1' }, Tagging: 'x=1&y=a%20b' });
    const { CopyObjectResult } = await copy('a b+ü', 'copy');
    expect(CopyObjectResult!.ETag).toBe(source.ETag);
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'a b+ü' }));
    const got = await get('copy');
    expect(got).toMatchObject({ ContentType: 'text/csv', Metadata: { m: '1' }, TagCount: 2 });
    expect(await got.Body!.transformToString()).toBe('data');
    expect(await tags('copy')).toEqual([
      { Key: 'x', Value: '1' },
      { Key: 'y', Value: 'a b' },
    ]);
  });

  it('replaces metadata and tags when told to', async () => {
    await put('old', { Metadata: { m: '1' }, Tagging: 'x=1' });
    await copy('old', 'new', {
      MetadataDirective: 'REPLACE',
      Metadata: { m: '2' },
      TaggingDirective: 'REPLACE',
      Tagging: 'x=2',
    });
    const got = await get('new');
    await got.Body!.transformToString();
    expect(got.Metadata).toEqual({ m: '2' });
    expect(await tags('new')).toEqual([{ Key: 'x', Value: '2' }]);
  });

  it('gives the copy of a multipart object the digest of its bytes', async () => {
    const bytes = [randomBytes(5 * 1024 ** 2), randomBytes(10)];
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const Parts = [];
    for (const [index, Body] of bytes.entries()) {
      const part = { Bucket, Key: 'parts', UploadId, PartNumber: index + 1, Body };
      Parts.push({ PartNumber: index + 1, ETag: (await s3.client.send(new UploadPartCommand(part))).ETag });
    }
    const complete = { Bucket, Key: 'parts', UploadId, MultipartUpload: { Parts } };
    await s3.client.send(new CompleteMultipartUploadCommand(complete));
    const { CopyObjectResult } = await copy('parts', 'whole');
    expect(CopyObjectResult!.ETag).toBe(`"${createHash('md5').update(Buffer.concat(bytes)).digest('hex')}"`);
  });

  it('holds a copy to conditions on its source', async () => {
    const { ETag } = await put('conditional');
    await copy('conditional', 'taken', { CopySourceIfMatch: ETag });
    const refused = copy('conditional', 'refused', { CopySourceIfNoneMatch: ETag });
    await expect(refused).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('refuses to copy an object onto itself without a change', async () => {
    await put('self');
    await expect(copy('self', 'self')).rejects.toMatchObject({ name: 'InvalidRequest' });
    await copy('self', 'self', { MetadataDirective: 'REPLACE', Metadata: { now: 'changed' } });
    const got = await get('self');
    expect(await got.Body!.transformToString()).toBe('data');
    expect(got.Metadata).toEqual({ now: 'changed' });
  });

  it('sets, reads and removes tags', async () => {
    await put('tagged');
    expect(await tags('tagged')).toEqual([]);
    const TagSet = [{ Key: 'class', Value: 'secret & <more>' }];
    await s3.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
    expect(await tags('tagged')).toEqual(TagSet);
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tags('tagged')).toEqual([]);
    const twice = [TagSet[0]!, TagSet[0]!];
    const invalid = new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: twice } });
    await expect(s3.client.send(invalid)).rejects.toMatchObject({ name: 'InvalidTag' });
  });
});
