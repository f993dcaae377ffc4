import { extname } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { CreateOptions, WriteOutcome } from '../runtime/ports/object-store.ts';
import { createOnce } from './s3-create-once.ts';
import type { S3Place } from './s3-object-store.ts';

export interface NewObject extends CreateOptions {
  readonly key: string;
  readonly body: Buffer;
}

/** What a browser should take objects for; others are octets. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
};

/** Stores an object that fits in memory, unless there is one under its key. */
export function createObject(
  { client, bucket, clock }: S3Place,
  { key, body, metadata, signal }: NewObject,
): Promise<WriteOutcome> {
  return createOnce('s3:PutObject', clock, key, async () => {
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentLength: body.length,
      ContentType: contentTypes[extname(key)],
      IfNoneMatch: '*',
      ...(metadata && { Metadata: { ...metadata } }),
    });
    await client.send(put, { abortSignal: signal });
  });
}
