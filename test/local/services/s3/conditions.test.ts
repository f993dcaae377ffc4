import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

describe('conditions', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  let ETag: string;
  let LastModified: Date;
  const Bucket = 'lake';
  const Key = 'k';
  const get = (options: object) => s3.client.send(new GetObjectCommand({ Bucket, Key, ...options }));
  const put = (options: object) => s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'data', ...options }));
  const status = (code: number) => ({ $metadata: { httpStatusCode: code } });

  beforeAll(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
    ETag = (await put({})).ETag!;
    LastModified = (await s3.client.send(new HeadObjectCommand({ Bucket, Key }))).LastModified!;
  });
  afterAll(() => s3.close());

  it('lets a read through where they hold', async () => {
    for (const options of [
      { IfMatch: ETag },
      { IfMatch: '*' },
      { IfNoneMatch: '"other"' },
      { IfUnmodifiedSince: LastModified },
      { IfModifiedSince: new Date(LastModified.getTime() - 1000) },
      // The tag decides, and the time is not looked at.
      { IfMatch: ETag, IfUnmodifiedSince: new Date(0) },
      { IfNoneMatch: '"other"', IfModifiedSince: LastModified },
    ]) {
      expect(await (await get(options)).Body!.transformToString()).toBe('data');
    }
  });

  it('answers 412 or 304 where a read does not meet them', async () => {
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed', ...status(412) });
    await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject(status(412));
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
    await expect(get({ IfModifiedSince: LastModified })).rejects.toMatchObject(status(304));
  });

  it('overwrites only what If-Match names', async () => {
    await expect(put({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ Key: 'none', IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await put({ IfMatch: ETag });
  });

  it('lets one of many writers with If-None-Match: * win', async () => {
    const writes = Array.from({ length: 10 }, (_, index) => put({ Key: 'race', Body: `${index}`, IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'race' }));
    expect(await got.Body!.transformToString()).toBe(String(winner));
  });

  it('answers 409 to a conditional write whose key was deleted meanwhile', async () => {
    let finish = () => {};
    const more = new Promise<void>((resolve) => {
      finish = resolve;
    });
    async function* body() {
      yield Buffer.from('ab');
      await more;
      yield Buffer.from('cd');
    }
    const current = (await put({ Key: 'conflict' })).ETag;
    const write = put({
      Key: 'conflict',
      Body: Readable.from(body()),
      ContentLength: 4,
      IfNoneMatch: undefined,
      IfMatch: current,
    });
    const refused = expect(write).rejects.toMatchObject({ name: 'ConditionalRequestConflict', ...status(409) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'conflict' }));
    finish();
    await refused;
  });

  it('deletes only what If-Match names', async () => {
    const { ETag: tag } = await put({ Key: 'gone' });
    const wrong = s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone', IfMatch: '"other"' }));
    await expect(wrong).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone', IfMatch: tag }));
  });
});
