import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { memoryPorts } from '../fixtures/ports/memory-ports.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'penstock-conflicts-'));
  await writeFile(join(folder, 'small'), 'rows');
  await writeFile(join(folder, 'large'), Buffer.alloc(17 * 1024 * 1024));
});
afterAll(() => rm(folder, { recursive: true }));

const refusal = (status: number, name = 'Refused') =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

/** A client whose answers to a command are given one by one; the last one stays. */
function storeWith(answers: Readonly<Record<string, readonly unknown[]>>) {
  const sent: { readonly name: string; readonly input: any }[] = [];
  const client = {
    async send(command: { readonly constructor: { readonly name: string }; readonly input: unknown }) {
      const name = command.constructor.name.replace(/Command$/, '');
      const earlier = sent.filter((one) => one.name === name).length;
      sent.push({ name, input: command.input });
      const own = answers[name] ?? [{}];
      const answer = own[Math.min(earlier, own.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const store = new S3ObjectStore({
    client: client as unknown as S3Client,
    bucket: 'lake',
    clock: memoryPorts().clock,
  });
  return { store, sent, names: () => sent.map(({ name }) => name) };
}

describe('a write that meets another', () => {
  test('is tried again on 409 until it is known who won', async () => {
    const { store, names } = storeWith({ PutObject: [refusal(409), refusal(409), refusal(412)] });
    expect(await store.createText('a', 'x')).toBe('exists');
    expect(names()).toHaveLength(3);
  });

  test('may win in the end', async () => {
    const { store } = storeWith({ PutObject: [refusal(409), {}] });
    expect(await store.createFromFile('a', join(folder, 'small'))).toBe('written');
  });

  test('gives up for now where that never ends', async () => {
    const { store } = storeWith({ PutObject: [refusal(409)] });
    await expect(store.createText('a', 'x')).rejects.toMatchObject({
      name: 'WriteConflictError',
      disposition: 'retryable',
    });
  });

  test('never overwrites: each request carries the condition', async () => {
    const { store, sent } = storeWith({ CreateMultipartUpload: [{ UploadId: 'u' }], UploadPart: [{ ETag: 'e' }] });
    await store.createText('a', 'x');
    await store.createFromFile('b', join(folder, 'large'));
    const completing = sent.filter(({ name }) => name === 'PutObject' || name === 'CompleteMultipartUpload');
    expect(completing.map(({ input }) => input.IfNoneMatch)).toEqual(['*', '*']);
  });
});

describe('an upload in parts', () => {
  const upload = { CreateMultipartUpload: [{ UploadId: 'u' }], UploadPart: [{ ETag: 'e' }] };

  test('is begun anew where its completion met a conflict', async () => {
    const { store, names } = storeWith({ ...upload, CompleteMultipartUpload: [refusal(409), {}] });
    expect(await store.createFromFile('a', join(folder, 'large'))).toBe('written');
    expect(names().filter((name) => name === 'CreateMultipartUpload')).toHaveLength(2);
  });

  test('is there where its completion was done and its answer lost, so that S3 knows the upload no more', async () => {
    const gone = refusal(404, 'NoSuchUpload');
    const { store } = storeWith({ ...upload, CompleteMultipartUpload: [gone, refusal(412)] });
    expect(await store.createFromFile('a', join(folder, 'large'))).toBe('exists');
  });

  test('is begun anew where somebody has given it up', async () => {
    const gone = refusal(404, 'NoSuchUpload');
    const { store } = storeWith({ ...upload, UploadPart: [gone, { ETag: 'e' }] });
    expect(await store.createFromFile('a', join(folder, 'large'))).toBe('written');
  });

  test('into a bucket that is not there fails at once', async () => {
    const { store, names } = storeWith({ CreateMultipartUpload: [refusal(404, 'NoSuchBucket')] });
    await expect(store.createFromFile('a', join(folder, 'large'))).rejects.toMatchObject({
      name: 'ResourceMissingError',
    });
    expect(names()).toEqual(['CreateMultipartUpload']);
  });

  test.each([412, 503])('gives its parts back when it ends with %s', async (status) => {
    const { store, names } = storeWith({ ...upload, CompleteMultipartUpload: [refusal(status)] });
    await store.createFromFile('a', join(folder, 'large')).catch(() => undefined);
    expect(names().at(-1)).toBe('AbortMultipartUpload');
  });

  test('fails with its own error where giving back fails, too', async () => {
    const { store } = storeWith({
      ...upload,
      UploadPart: [refusal(503, 'SlowDown')],
      AbortMultipartUpload: [refusal(403)],
    });
    await expect(store.createFromFile('a', join(folder, 'large'))).rejects.toMatchObject({
      name: 'ServiceThrottledError',
    });
  });
});

test.each([
  ['AccessDenied', 'AccessRefusedError', 'terminal'],
  ['InternalError', 'ServiceUnavailableError', 'retryable'],
  ['SlowDown', 'ServiceThrottledError', 'retryable'],
  ['ObjectLocked', 'ServiceRequestError', 'terminal'],
])('an object that can not be removed for %s is an error, and not passed over', async (Code, name, disposition) => {
  const { store } = storeWith({ DeleteObjects: [{ Errors: [{ Key: 'a', Code }] }] });
  await expect(store.remove(['a'])).rejects.toMatchObject({ name, disposition, received: Code });
});

test('nothing is asked of S3 for no keys', async () => {
  const { store, sent } = storeWith({});
  await store.remove([]);
  expect(sent).toEqual([]);
});
