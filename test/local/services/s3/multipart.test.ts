import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDigest } from '../../../../local/services/s3/digest.ts';
import { s3Cloud } from './s3-cloud.ts';

const partBytes = 5 * 1024 ** 2;
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();

describe('multipart uploads', { timeout: 60_000 }, () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  const Bucket = 'lake';
  const parts = [randomBytes(partBytes), randomBytes(partBytes + 1), randomBytes(3)];
  const whole = Buffer.concat(parts);

  beforeAll(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => s3.close());

  async function upload(Key: string, options: object = {}, complete: object = {}) {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...options }));
    const uploaded = [];
    for (const [index, Body] of parts.entries()) {
      const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body, ...options };
      const { $metadata: _, ServerSideEncryption: __, ...answer } = await s3.client.send(new UploadPartCommand(part));
      const { ETag, ...sums } = answer;
      // Only an upload that named its algorithm is completed with the checksums of its parts.
      uploaded.push({ PartNumber: index + 1, ETag, ...('ChecksumAlgorithm' in options && sums) });
    }
    const input = { Bucket, Key, UploadId, MultipartUpload: { Parts: uploaded }, ...complete };
    return { UploadId, send: () => s3.client.send(new CompleteMultipartUploadCommand(input)) };
  }

  it('joins parts into an object with the entity tag that AWS gives', async () => {
    const { send } = await upload('joined', { ContentType: 'text/csv' }, { IfNoneMatch: '*' });
    const { ETag } = await send();
    expect(ETag).toBe(`"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`);
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'joined' }));
    expect(got.ContentType).toBe('text/csv');
    expect(whole.equals(await got.Body!.transformToByteArray())).toBe(true);
  });

  it('reads ranges across parts, and parts by their number', async () => {
    await (await upload('ranged')).send();
    const Range = `bytes=${partBytes - 2}-${partBytes + 1}`;
    const range = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }));
    expect(Buffer.from(await range.Body!.transformToByteArray())).toEqual(whole.subarray(partBytes - 2, partBytes + 2));
    const part = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'ranged', PartNumber: 3 }));
    expect(part).toMatchObject({ PartsCount: 3, ContentLength: 3, $metadata: { httpStatusCode: 206 } });
    expect(Buffer.from(await part.Body!.transformToByteArray())).toEqual(parts[2]);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'combines the %s of parts into that of the whole',
    async (algorithm) => {
      const Key = `full-${algorithm}`;
      const created = await s3.client.send(
        new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' }),
      );
      const Parts = [];
      for (const [index, Body] of parts.entries()) {
        const part = {
          Bucket,
          Key,
          UploadId: created.UploadId,
          PartNumber: index + 1,
          Body,
          ChecksumAlgorithm: algorithm,
        };
        Parts.push({ PartNumber: index + 1, ETag: (await s3.client.send(new UploadPartCommand(part))).ETag });
      }
      const digest = createDigest(algorithm);
      digest.update(whole);
      const expected = digest.digest().toString('base64');
      const done: any = await s3.client.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId: created.UploadId,
          MultipartUpload: { Parts },
          ChecksumType: 'FULL_OBJECT',
          [`Checksum${algorithm}`]: expected,
        }),
      );
      expect(done[`Checksum${algorithm}`]).toBe(expected);
      const got = await s3.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      expect(whole.equals(await got.Body!.transformToByteArray())).toBe(true);
    },
  );

  it('gives a composite checksum with the number of parts, and tells of each part', async () => {
    await (await upload('composite', { ChecksumAlgorithm: 'SHA256' })).send();
    const attributes = await s3.client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'composite',
        ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'],
      }),
    );
    const composite = createHash('sha256');
    for (const part of parts) composite.update(createHash('sha256').update(part).digest());
    expect(attributes).toMatchObject({
      ObjectSize: whole.length,
      Checksum: { ChecksumSHA256: `${composite.digest('base64')}-3`, ChecksumType: 'COMPOSITE' },
      ObjectParts: { TotalPartsCount: 3 },
    });
    expect(attributes.ObjectParts!.Parts!.map(({ Size }) => Size)).toEqual(parts.map(({ length }) => length));
  });

  it('completes only where nothing is when told If-None-Match: *', async () => {
    const { send } = await upload('once', {}, { IfNoneMatch: '*' });
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: 'first' }));
    await expect(send()).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  it('refuses parts out of order, unknown, or too small', async () => {
    const Key = 'wrong';
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const put = async (PartNumber: number, Body: string) =>
      (await s3.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag;
    const [one, two] = [await put(1, 'small'), await put(2, 'parts')];
    const complete = (Parts: object[]) =>
      s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const first = { PartNumber: 1, ETag: one };
    const second = { PartNumber: 2, ETag: two };
    await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([first, { PartNumber: 2, ETag: one }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await expect(complete([first])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('lists uploads and their parts, page by page', async () => {
    const ids: string[] = [];
    for (const Key of ['up/a', 'up/a', 'up/b/1', 'up/b/2']) {
      ids.push((await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId!);
    }
    const UploadId = ids[0]!;
    for (const PartNumber of [1, 2, 7]) {
      await s3.client.send(new UploadPartCommand({ Bucket, Key: 'up/a', UploadId, PartNumber, Body: 'x' }));
    }
    const list = (options: object) =>
      s3.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'up/', Delimiter: '/', ...options }));
    const one = await list({ MaxUploads: 1 });
    expect(one).toMatchObject({ IsTruncated: true, NextKeyMarker: 'up/a' });
    const rest = await list({ KeyMarker: one.NextKeyMarker, UploadIdMarker: one.NextUploadIdMarker });
    expect(rest.IsTruncated).toBe(false);
    expect([...one.Uploads!, ...rest.Uploads!].map((each) => each.UploadId).sort()).toEqual(ids.slice(0, 2).sort());
    expect(rest.CommonPrefixes).toEqual([{ Prefix: 'up/b/' }]);
    const parts1 = await s3.client.send(new ListPartsCommand({ Bucket, Key: 'up/a', UploadId, MaxParts: 2 }));
    expect(parts1).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
    const parts2 = await s3.client.send(new ListPartsCommand({ Bucket, Key: 'up/a', UploadId, PartNumberMarker: '2' }));
    expect(parts2.Parts!.map(({ PartNumber }) => PartNumber)).toEqual([7]);
  });

  it('copies a range of another object as a part', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const Key = 'of-copies';
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const input = {
      Bucket,
      Key,
      UploadId,
      PartNumber: 1,
      CopySource: `${Bucket}/source`,
      CopySourceRange: 'bytes=2-4',
    };
    const { CopyPartResult } = await s3.client.send(new UploadPartCopyCommand(input));
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult!.ETag }];
    await s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body!.transformToString()).toBe('234');
    const beyond = s3.client.send(new UploadPartCopyCommand({ ...input, CopySourceRange: 'bytes=2-10' }));
    await expect(beyond).rejects.toThrow();
  });
});
