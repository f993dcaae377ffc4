import { type FileHandle, open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { concurrently } from '../core/concurrently.ts';
import type { CreateOptions, WriteOutcome } from '../runtime/ports/object-store.ts';
import { createObject } from './s3-create-object.ts';
import { createOnce } from './s3-create-once.ts';
import type { S3Place } from './s3-object-store.ts';

export interface NewFile extends CreateOptions {
  readonly key: string;
  readonly path: string;
}

/** Parts are read into memory, so that the SDK can send one again: this times four is what an upload takes. */
const smallestPartBytes = 8 * 1024 * 1024;
const partsAtOnce = 4;
/** S3's own limit. */
const mostParts = 10_000;

/** Stores a file of any size, unless there is an object under its key. */
export async function createFromFile(place: S3Place, file: NewFile): Promise<WriteOutcome> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > smallestPartBytes) return await createInParts(place, file, handle, size);
    return await createObject(place, { ...file, body: await readPart(handle, 0, size) });
  } finally {
    await handle.close();
  }
}

function createInParts(place: S3Place, file: NewFile, handle: FileHandle, size: number): Promise<WriteOutcome> {
  const { client, bucket, clock } = place;
  const { key, metadata, signal } = file;
  const options = { abortSignal: signal };
  const address = { Bucket: bucket, Key: key };
  // S3 ends an upload whose completion met a conflict: the next attempt is a new upload.
  return createOnce('s3:PutObject', clock, key, async () => {
    const begin = new CreateMultipartUploadCommand({ ...address, ...(metadata && { Metadata: { ...metadata } }) });
    const { UploadId } = await client.send(begin, options);
    try {
      const Parts = await concurrently(partsOf(size), partsAtOnce, async ({ PartNumber, from, to }) => {
        const Body = await readPart(handle, from, to);
        const part = new UploadPartCommand({ ...address, UploadId, PartNumber, Body, ContentLength: Body.length });
        const { ETag } = await client.send(part, options);
        return { PartNumber, ETag };
      });
      const end = new CompleteMultipartUploadCommand({
        ...address,
        UploadId,
        IfNoneMatch: '*',
        MultipartUpload: { Parts },
      });
      await client.send(end, options);
    } catch (error) {
      await giveBack(place, key, UploadId);
      throw error;
    }
  });
}

/** Parts that stay cost money until the bucket's lifecycle rule finds them; more harm than that they do not do. */
async function giveBack({ client, bucket }: S3Place, key: string, UploadId: string | undefined): Promise<void> {
  await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId })).catch(() => undefined);
}

function partsOf(size: number) {
  const partBytes = Math.max(smallestPartBytes, Math.ceil(size / mostParts));
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => ({
    PartNumber: index + 1,
    from: index * partBytes,
    to: Math.min(size, (index + 1) * partBytes),
  }));
}

async function readPart(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, from + read);
    if (bytesRead === 0) throw new RangeError('the file became shorter while it was stored');
    read += bytesRead;
  }
  return bytes;
}
