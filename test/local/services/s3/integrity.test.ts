import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Algorithm, createDigest } from '../../../../local/services/s3/digest.ts';
import { s3Cloud } from './s3-cloud.ts';

const Bucket = 'lake';
const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
let s3: Awaited<ReturnType<typeof s3Cloud>>;
const send = (command: any): Promise<any> => s3.client.send(command);

beforeAll(async () => {
  const quiet = () => {};
  // The client warns of every body that it could not send again.
  s3 = await s3Cloud({}, { logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  await send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => s3.close());

function digest(algorithm: Algorithm, text: string): string {
  const computed = createDigest(algorithm);
  computed.update(Buffer.from(text));
  return computed.digest().toString('base64');
}

/** A body that is read as other bytes than those that the client computes its trailer from. */
function damaged(command: any): any {
  command.middlewareStack.add(
    (next: any) => (args: any) => {
      const { body } = args.request;
      args.request.body = Readable.from(
        (async function* () {
          for await (const chunk of body)
            yield Buffer.from(Buffer.from(chunk).toString('latin1').replace('good', 'evil'));
        })(),
      );
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return command;
}

const streamed = (text: string) => ({ Body: Readable.from([Buffer.from(text)]), ContentLength: text.length });
const absent = (Key: string) =>
  expect(send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });

describe.each(algorithms)('%s', (algorithm) => {
  const member = `Checksum${algorithm}`;

  it('of a body in a header is verified', async () => {
    const put = (Key: string, checksum: string) =>
      send(new PutObjectCommand({ Bucket, Key, Body: 'good', [member]: checksum }));
    expect((await put('right', digest(algorithm, 'good')))[member]).toBe(digest(algorithm, 'good'));
    await expect(put('wrong', digest(algorithm, 'evil'))).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('wrong', 'AAA=')).rejects.toMatchObject({
      name: expect.stringMatching(/InvalidDigest|InvalidRequest/),
    });
    await absent('wrong');
  });

  it('of a body in a trailer is verified', async () => {
    const put = (Key: string) =>
      new PutObjectCommand({ Bucket, Key, ...streamed('good'), ChecksumAlgorithm: algorithm });
    expect((await send(put('right')))[member]).toBe(digest(algorithm, 'good'));
    await expect(send(damaged(put('damaged')))).rejects.toMatchObject({ name: 'BadDigest' });
    await absent('damaged');
  });

  it('of a part in header or trailer is verified', async () => {
    const Key = 'parts';
    const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: algorithm }));
    const part = (PartNumber: number, more: object) =>
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, ...more });
    const trailing = { ...streamed('good'), ChecksumAlgorithm: algorithm };
    const wrong = { Body: 'good', [member]: digest(algorithm, 'evil') };
    await expect(send(part(1, wrong))).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(send(damaged(part(1, { ...trailing, ...streamed('good') })))).rejects.toMatchObject({
      name: 'BadDigest',
    });
    const other = algorithm === 'SHA1' ? 'SHA256' : 'SHA1';
    await expect(send(part(1, { Body: 'good', [`Checksum${other}`]: digest(other, 'good') }))).rejects.toThrow(
      `expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${other.toLowerCase()}`,
    );
    const { ETag, [member]: sum } = await send(part(1, { ...trailing, ...streamed('good') }));
    expect(sum).toBe(digest(algorithm, 'good'));
    const { Parts } = await send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect(Parts).toMatchObject([{ ETag, Size: 4, [member]: sum }]);

    const complete = (listed: object, whole: object = {}) => {
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ...listed }] };
      return send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...whole }));
    };
    await expect(complete({ [member]: digest(algorithm, 'evil') })).rejects.toMatchObject({ name: 'InvalidPart' });
    if (algorithm === 'CRC64NVME') {
      await expect(complete({}, { [member]: digest(algorithm, 'evil') })).rejects.toMatchObject({ name: 'BadDigest' });
      expect((await complete({}, { [member]: sum }))[member]).toBe(sum);
    } else {
      // A composite checksum is told part by part.
      await expect(complete({})).rejects.toThrow('It was missing for part 1');
      expect((await complete({ [member]: sum }))[member]).toMatch(/-1$/);
    }
  });
});

it('refuses the checksums of parts in an upload that named no algorithm, as it knows none', async () => {
  const Key = 'unnamed';
  const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag, ChecksumCRC32 } = await send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'x' }),
  );
  const complete = (part: object) =>
    send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [part] } }));
  await expect(complete({ PartNumber: 1, ETag, ChecksumCRC32 })).rejects.toMatchObject({ name: 'InvalidPart' });
  expect(await complete({ PartNumber: 1, ETag })).toMatchObject({ ChecksumCRC64NVME: digest('CRC64NVME', 'x') });
});

it('takes one checksum with a body, not two', async () => {
  const two = { ChecksumCRC32: digest('CRC32', 'x'), ChecksumSHA1: digest('SHA1', 'x') };
  await expect(send(new PutObjectCommand({ Bucket, Key: 'two', Body: 'x', ...two }))).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
});
