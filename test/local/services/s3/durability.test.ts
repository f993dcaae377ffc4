import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudToKill } from './killed-cloud.ts';

const Bucket = 'lake';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('a data folder', { timeout: 60_000 }, () => {
  let folder: string;
  let running: Awaited<ReturnType<typeof cloudToKill>>;
  let s3: S3Client;
  let sqs: SQSClient;

  async function start() {
    running = await cloudToKill(folder);
    const config = { endpoint: running.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
    s3 = new S3Client(config);
    sqs = new SQSClient(config);
  }
  async function restart() {
    await running.kill();
    s3.destroy();
    sqs.destroy();
    await start();
  }
  const put = (Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const read = async (Key: string, options = {}) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, ...options }))).Body!.transformToString();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'penstock-durability-'));
    await start();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(async () => {
    await running.kill();
    rmSync(folder, { recursive: true });
  });

  it('has every object that was acknowledged before the process was killed', async () => {
    const puts = Array.from({ length: 200 }, (_, index) => put(`k/${index}`, `v${index}`));
    const acknowledged: number[] = [];
    const settled = puts.map((each, index) =>
      each.then(
        () => acknowledged.push(index),
        () => {},
      ),
    );
    while (acknowledged.length < 50) await new Promise((resolve) => setImmediate(resolve));
    await restart();
    await Promise.all(settled);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const keys = new Set(Contents!.map(({ Key }) => Key));
    for (const index of acknowledged) expect(keys).toContain(`k/${index}`);
    for (const Key of keys) expect(await read(Key!)).toBe(Key!.replace('k/', 'v'));
  });

  it('keeps versions, uploads under way and large bodies', async () => {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const { VersionId } = await put('v', 'one');
    await put('v', 'two');
    const large = Buffer.alloc(6 * 1024 ** 2, 'abc');
    await put('large', large);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const part = { Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'part' };
    const { ETag } = await s3.send(new UploadPartCommand(part));
    await restart();
    expect(await read('v')).toBe('two');
    expect(await read('v', { VersionId })).toBe('one');
    expect(await read('large')).toBe(large.toString());
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload }));
    expect(await read('parts')).toBe('part');
  });

  it('is rid of files that nothing refers to', async () => {
    await put('same', 'a'.repeat(100_000));
    await put('same', 'b'.repeat(100_000));
    await restart();
    await put('same', 'c');
    await restart();
    const files = readdirSync(join(folder, 's3'), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    expect(files).toHaveLength(1);
  });

  it('keeps messages with their receive counts', async () => {
    const create = new CreateQueueCommand({ QueueName: 'work', Attributes: { VisibilityTimeout: '0' } });
    const QueueUrl = (await sqs.send(create)).QueueUrl!;
    for (const MessageBody of ['1', '2']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const path = new URL(QueueUrl).pathname;
    await restart();
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: running.endpoint + path,
        MaxNumberOfMessages: 10,
        AttributeNames: ['All'],
      }),
    );
    const counts = Object.fromEntries(
      Messages!.map(({ Body, Attributes }) => [Body, Attributes!.ApproximateReceiveCount]),
    );
    expect(counts).toEqual({ 1: '2', 2: '1' });
  });
});
