import { request } from 'node:http';
import { CreateBucketCommand, ListObjectsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

const scope = '20260101/us-east-1/s3/aws4_request';
/** A cloud without IAM does not look at the signature, only for whom it is. */
const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=00`,
  'x-amz-date': '20260101T000000Z',
};

const unsigned = Symbol('no signature in headers');

describe('S3 over HTTP', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;

  beforeEach(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket: 'lake' }));
  });
  afterEach(() => s3.close());

  function send(
    method: string,
    path: string,
    extra: Record<string, string> | typeof unsigned = {},
    body: Buffer | string = '',
  ) {
    return new Promise<{ status: number; headers: any; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(s3.cloud.endpoint);
      const headers = extra === unsigned ? {} : { ...signed, ...extra };
      const outgoing = request({ hostname, port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
  const chunked = (length: number, trailer = 'x-amz-checksum-crc32') => ({
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(length),
    'x-amz-trailer': trailer,
  });

  it('takes the bucket from the host name as well as from the path', async () => {
    const host = `lake.localhost:${new URL(s3.cloud.endpoint).port}`;
    expect((await send('PUT', '/folder/key', { host }, 'x')).status).toBe(200);
    expect((await send('GET', '/lake/folder/key')).body).toBe('x');
    expect((await send('GET', '/folder/key', { host: host.replace('lake.', 'lake.s3.') })).body).toBe('x');
  });

  it('answers errors in XML with code, resource and request id', async () => {
    const answer = await send('GET', '/lake/a%26b');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(answer.body).toMatch(/<Error><Code>NoSuchKey<\/Code>.*<Key>a&amp;b<\/Key>.*<RequestId>/);
  });

  it('unframes a chunked body and verifies its trailer', async () => {
    const body = '5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';
    const answer = await send('PUT', '/lake/framed', chunked(11), body);
    expect(answer.status).toBe(200);
    expect(answer.headers['x-amz-checksum-crc32']).toBe('DUoRhQ==');
    const got = await send('GET', '/lake/framed');
    expect(got.body).toBe('hello world');
    expect(got.headers['content-encoding']).toBe(undefined);
  });

  it.each([
    ['a wrong trailer', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 5, 'BadDigest'],
    ['a missing trailer', '5\r\nhello\r\n0\r\n\r\n', 5, 'InvalidRequest'],
    ['too few bytes', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', 6, 'IncompleteBody'],
    ['an end too soon', '6\r\nhello', 6, 'IncompleteBody'],
    ['a size that is none', 'zz\r\nhello\r\n', 5, 'InvalidRequest'],
    ['a chunk longer than it says', '4\r\nhello\r\n0\r\n\r\n', 5, 'InvalidRequest'],
  ])('refuses a chunked body with %s and stores nothing', async (_, body, length, code) => {
    const answer = await send('PUT', '/lake/refused', chunked(length), body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect((await send('HEAD', '/lake/refused')).status).toBe(404);
  });

  it('refuses a body that is not the one that was signed', async () => {
    const answer = await send('PUT', '/lake/signed', { 'x-amz-content-sha256': '0'.repeat(64) }, 'data');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
  });

  it('serves presigned URLs, without the checksum of no body that SDKs put there', async () => {
    const presigned = (extra: string) =>
      `/lake/presigned%20key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=${encodeURIComponent(`test/${scope}`)}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00&${extra}`;
    const put = presigned('x-amz-meta-a=b&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32');
    expect((await send('PUT', put, unsigned, 'data')).status).toBe(200);
    const read = presigned('response-content-type=text%2Fcsv&x-amz-checksum-mode=ENABLED&x-id=GetObject');
    const got = await send('GET', read, unsigned);
    expect(got).toMatchObject({ status: 200, body: 'data' });
    expect(got.headers).toMatchObject({ 'content-type': 'text/csv', 'x-amz-meta-a': 'b' });
    expect(got.headers['x-amz-checksum-crc64nvme']).toBeTruthy();
  });

  it('takes a call twice where a fault duplicates it', async () => {
    const twice = await s3Cloud({ faults: async (_, run) => run().then(run) });
    await twice.client.send(new CreateBucketCommand({ Bucket: 'lake' }));
    await twice.client.send(new PutObjectCommand({ Bucket: 'lake', Key: 'k', Body: 'once' }));
    const { Contents } = await twice.client.send(new ListObjectsV2Command({ Bucket: 'lake' }));
    expect(Contents).toMatchObject([{ Key: 'k', Size: 4 }]);
    await twice.close();
  });

  it('answers the location of a bucket in one element, as every client expects it', async () => {
    const answer = await send('GET', '/lake?location');
    expect(answer.body).toMatch(/\n<LocationConstraint xmlns="[^"]+"><\/LocationConstraint>$/);
  });

  it('refuses parameters that are not of their kind', async () => {
    const answer = await send('GET', '/lake/k?partNumber=first');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('<Code>InvalidArgument</Code>');
  });

  it('refuses XML that is not what the operation takes', async () => {
    const answer = await send('PUT', '/lake?versioning', {}, '<VersioningConfiguration><Status>');
    expect(answer.body).toContain('<Code>MalformedXML</Code>');
    const unknown = await send(
      'PUT',
      '/lake?versioning',
      {},
      '<VersioningConfiguration><What/></VersioningConfiguration>',
    );
    expect(unknown.body).toContain('<Code>MalformedXML</Code>');
  });

  it('lists more than a page of keys in the order of their bytes, in both versions of the API', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `k/${index}`).concat(['\uffee', '😀', 'a\u0001b', 'z z']);
    const principal = { kind: 'root', arn: 'root' } as const;
    for (const Key of keys) await s3.cloud.call('s3', 'PutObject', { Bucket: 'lake', Key, Body: '' }, principal);
    const expected = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const second: string[] = [];
    let token: string | undefined;
    do {
      const page = await s3.client.send(new ListObjectsV2Command({ Bucket: 'lake', ContinuationToken: token }));
      second.push(...page.Contents!.map(({ Key }) => Key!));
      token = page.NextContinuationToken;
    } while (token);
    expect(second).toEqual(expected);
    const first: string[] = [];
    let Marker: string | undefined;
    for (;;) {
      const page = await s3.client.send(new ListObjectsCommand({ Bucket: 'lake', Marker, MaxKeys: 700 }));
      first.push(...page.Contents!.map(({ Key }) => Key!));
      if (!page.IsTruncated) break;
      Marker = first.at(-1);
    }
    expect(first).toEqual(expected);
    const encoded = await s3.client.send(
      new ListObjectsV2Command({ Bucket: 'lake', EncodingType: 'url', StartAfter: 'l', MaxKeys: 2 }),
    );
    expect(encoded.Contents!.map(({ Key }) => Key)).toEqual(['z+z', '%EF%BF%AE']);
  });

  it('rolls keys up to the delimiter, each prefix once over all pages', async () => {
    for (const Key of ['a/1', 'a/2', 'a/3', 'b', 'c/1']) {
      await s3.client.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: '' }));
    }
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({ Bucket: 'lake', Delimiter: '/', MaxKeys: 1, ContinuationToken: token }),
      );
      seen.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
        ...(page.Contents ?? []).map(({ Key }) => Key!),
      );
      token = page.NextContinuationToken;
    } while (token);
    expect(seen).toEqual(['a/', 'b', 'c/']);
  });
});
