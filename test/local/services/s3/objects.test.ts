import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

describe('objects', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  const Bucket = 'lake';
  const put = (Key: string, Body: any, options = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...options }));
  const get = (Key: string, options = {}) => s3.client.send(new GetObjectCommand({ Bucket, Key, ...options }));
  const text = async (Key: string, options = {}) => (await get(Key, options)).Body!.transformToString();

  beforeEach(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => s3.close());

  it('gives back what was put, with its headers and metadata', async () => {
    const put1 = await put('a.txt', 'hello', {
      ContentType: 'text/plain',
      Metadata: { Origin: 'test' },
      CacheControl: 'no-store',
    });
    expect(put1.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    const got = await get('a.txt');
    expect(await got.Body!.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ContentType: 'text/plain',
      ContentLength: 5,
      CacheControl: 'no-store',
      ETag: put1.ETag,
      Metadata: { origin: 'test' },
      ServerSideEncryption: 'AES256',
    });
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'a.txt' }));
    expect(head).toMatchObject({ ContentLength: 5, ETag: put1.ETag });
  });

  it('stores the bytes of a stream of unknown length without its framing', async () => {
    const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(40_000, index));
    await put('stream', Readable.from(chunks), { ContentLength: 2_000_000 });
    const bytes = await (await get('stream')).Body!.transformToByteArray();
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'verifies %s in a header and in a trailer, and lets the reader verify it',
    async (algorithm) => {
      for (const Body of [Buffer.from('some bytes'), Readable.from([Buffer.from('some '), Buffer.from('bytes')])]) {
        const options = Body instanceof Readable ? { ContentLength: 10 } : {};
        const answer: any = await put('sum', Body, { ChecksumAlgorithm: algorithm, ...options });
        const got: any = await get('sum', { ChecksumMode: 'ENABLED' });
        expect(got[`Checksum${algorithm}`]).toBe(answer[`Checksum${algorithm}`]);
        expect(got[`Checksum${algorithm}`]).toBeTruthy();
        expect(await got.Body.transformToString()).toBe('some bytes');
      }
    },
  );

  it('refuses a body that is not what its checksum says', async () => {
    await expect(put('bad', 'data', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(
      put('bad', 'data', { ContentMD5: createHash('md5').update('other').digest('base64') }),
    ).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(get('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('answers ranges with 206 and refuses those beyond the end with 416', async () => {
    await put('range', '0123456789');
    const part = await get('range', { Range: 'bytes=2-4' });
    expect(part).toMatchObject({ ContentRange: 'bytes 2-4/10', ContentLength: 3, $metadata: { httpStatusCode: 206 } });
    expect(await part.Body!.transformToString()).toBe('234');
    expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
    expect(await text('range', { Range: 'bytes=8-' })).toBe('89');
    await expect(get('range', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  it('writes only where nothing is when told If-None-Match: *', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await text('once')).toBe('first');
  });

  it('lists with prefix and delimiter, page by page', async () => {
    for (const key of ['a/1', 'a/2', 'b/1', 'c', 'd']) await put(key, key);
    const first = await s3.client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 3 }));
    expect(first.CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['a/', 'b/']);
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3, Contents: [{ Key: 'c', Size: 1 }] });
    const rest = await s3.client.send(
      new ListObjectsV2Command({ Bucket, Delimiter: '/', ContinuationToken: first.NextContinuationToken }),
    );
    expect(rest.Contents!.map(({ Key }) => Key)).toEqual(['d']);
    expect(rest.IsTruncated).toBe(false);
    const prefixed = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }));
    expect(prefixed.Contents!.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
  });

  it('deletes one key and many', async () => {
    for (const key of ['x', 'y', 'z']) await put(key, key);
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
    await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'y' }, { Key: 'none' }] } }));
    const left = await s3.client.send(new ListObjectsV2Command({ Bucket }));
    expect(left.Contents!.map(({ Key }) => Key)).toEqual(['z']);
  });

  it.each(['a b+c', '../up', 'x/../y', './z', '//double', 'ünï/😀', 'q?x=1&y#z', 'per%20cent', '-'])(
    'keeps the key %s exactly',
    async (key) => {
      await put(key, key);
      expect(await text(key)).toBe(key);
      const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents!.map(({ Key }) => Key)).toEqual([key]);
      await s3.client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      await expect(get(key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    },
  );

  it('tells EventBridge of objects in the shape of AWS', async () => {
    await put('quiet', 'nobody asked');
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    await put('in/a b+c.csv', '1,2');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'in/a b+c.csv' }));
    expect(s3.events).toEqual([
      {
        // The same when the event is told again, so that a receiver can know it.
        id: expect.any(String),
        source: 'aws.s3',
        'detail-type': 'Object Created',
        resources: ['arn:aws:s3:::lake'],
        detail: {
          version: '0',
          bucket: { name: 'lake' },
          object: {
            key: 'in/a b+c.csv',
            size: 3,
            etag: createHash('md5').update('1,2').digest('hex'),
            sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
          },
          'request-id': expect.any(String),
          requester: '000000000000',
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
      },
      expect.objectContaining({
        'detail-type': 'Object Deleted',
        detail: expect.objectContaining({ reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' }),
      }),
    ]);
  });

  it('serves callers inside the process in the shapes of the SDK', async () => {
    const principal = { kind: 'service', arn: 'states' } as const;
    const call = (operation: string, input: object) => s3.cloud.call('s3', operation, { Bucket, ...input }, principal);
    await call('PutObject', { Key: 'inside', Body: Readable.from(['[1,', '2]']) });
    const { Body, ContentLength } = await call('GetObject', { Key: 'inside' });
    expect(ContentLength).toBe(5);
    expect(Body).toBeInstanceOf(Readable);
    expect((await Body.toArray()).join('')).toBe('[1,2]');
    // Larger than what is kept in packs: bytes off the wire are handed from thread to thread, a caller's are not.
    const bytes = new Uint8Array(200_000).fill(7);
    await call('PutObject', { Key: 'large', Body: bytes });
    expect(bytes).toEqual(new Uint8Array(200_000).fill(7));
  });
});
