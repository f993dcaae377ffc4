import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultHook, LocalCloud } from '../../../local/cloud.ts';
import { rootCredentials } from '../../../local/iam/credentials.ts';
import { root } from '../../../local/iam/principals.ts';
import type { InProcessRequest } from '../../../local/in-process/in-process-request.ts';
import { createS3 } from '../../../local/services/s3/index.ts';

let cloud: LocalCloud;
let faults: FaultHook = (_call, run) => run();
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createS3], faults: (call, run) => faults(call, run) });
  await cloud.call('s3', 'CreateBucket', { Bucket: 'lake' }, root(cloud.accountId));
});
afterAll(() => cloud.close());

/** A client of the SDK whose requests go through no socket. */
function client(made: (request: InProcessRequest) => void = () => {}): S3Client {
  const handle = ({ method, path, query, headers, body }: any) =>
    new Promise((resolve, reject) => {
      const search = new URLSearchParams(query).toString();
      const options = { method, headers, path: search ? `${path}?${search}` : path };
      const request = cloud.request(options, (response) =>
        resolve({ response: { statusCode: response.statusCode, headers: response.headers, body: response } }),
      );
      made(request);
      request.once('error', reject);
      request.end(body);
    });
  const { endpoint, region } = cloud;
  return new S3Client({
    endpoint,
    region,
    credentials: rootCredentials,
    maxAttempts: 1,
    requestHandler: { handle } as never,
  });
}

it('carries what the SDK sends and gets, body and headers, as a connection does', async () => {
  const object = { Bucket: 'lake', Key: 'a b.txt' };
  await client().send(new PutObjectCommand({ ...object, Body: 'grüße', Metadata: { by: 'nobody' } }));
  const { Body, Metadata, ContentLength } = await client().send(new GetObjectCommand(object));
  expect({ text: await Body!.transformToString(), Metadata, ContentLength }).toEqual({
    text: 'grüße',
    Metadata: { by: 'nobody' },
    ContentLength: 7,
  });
});

it('answers a request that nobody signed with the refusal of AWS', async () => {
  const request = cloud.request({ method: 'GET', path: '/lake/a' }, () => {});
  const answered = once(request, 'response');
  request.end();
  const [response] = (await answered) as [IncomingMessage];
  expect(response.statusCode).toBe(403);
  expect(await text(response)).toContain('<Code>AccessDenied</Code>');
});

it('fails where the service breaks the connection off', async () => {
  faults = ({ context }) => {
    context.disconnect?.();
    return new Promise(() => {});
  };
  await expect(client().send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }))).rejects.toThrow('socket hang up');
});

it('tells the service when its caller goes', async () => {
  let caller: InProcessRequest | undefined;
  const gone = new Promise((resolve) => {
    faults = ({ context: { signal } }) => {
      signal.addEventListener('abort', resolve);
      caller!.destroy();
      return new Promise(() => {});
    };
  });
  const sent = client((request) => {
    caller = request;
  }).send(new GetObjectCommand({ Bucket: 'lake', Key: 'a' }));
  sent.catch(() => {});
  await expect(gone).resolves.toMatchObject({ type: 'abort' });
});
