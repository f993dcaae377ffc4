import { createHash, createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../local/cloud.ts';
import { rootCredentials } from '../../local/iam/credentials.ts';
import { root } from '../../local/iam/principals.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { createIam } from '../../local/services/iam/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createSqs } from '../../local/services/sqs/index.ts';

const endpointOf = (cloud: LocalCloud, credentials: object = rootCredentials, region = 'us-east-1') => ({
  endpoint: cloud.endpoint,
  region,
  credentials: credentials as typeof rootCredentials,
  maxAttempts: 1,
});

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createIam, createS3, createSqs, createDynamodb] });
  await cloud.call('s3', 'CreateBucket', { Bucket: 'lake' }, root(cloud.accountId));
  await cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs' }, root(cloud.accountId));
});
afterAll(() => cloud.close());

describe('signatures', () => {
  it('accepts what the SDK signs with the key of root', async () => {
    const s3 = new S3Client(endpointOf(cloud));
    const key = 'a b+c/ü(1)*!.txt';
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: key, Body: 'hello' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: key }));
    expect(await Body?.transformToString()).toBe('hello');
    const { QueueUrls } = await new SQSClient(endpointOf(cloud)).send(new ListQueuesCommand({}));
    expect(QueueUrls).toHaveLength(1);
  });

  it('refuses an unknown key in the words of each service', async () => {
    const stranger = endpointOf(cloud, { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' });
    const read = new GetObjectCommand({ Bucket: 'lake', Key: 'x' });
    await expect(new S3Client(stranger).send(read)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await expect(new SQSClient(stranger).send(new ListQueuesCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
    const describeTable = new DescribeTableCommand({ TableName: 'x' });
    await expect(new DynamoDBClient(stranger).send(describeTable)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('refuses a wrong secret', async () => {
    const guess = endpointOf(cloud, { accessKeyId: 'local', secretAccessKey: 'guess' });
    const read = new GetObjectCommand({ Bucket: 'lake', Key: 'x' });
    await expect(new S3Client(guess).send(read)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    const describeTable = new DescribeTableCommand({ TableName: 'x' });
    await expect(new DynamoDBClient(guess).send(describeTable)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it('refuses a session without its token', async () => {
    const issued = cloud.issueCredentials(root(cloud.accountId));
    await expect(new SQSClient(endpointOf(cloud, issued)).send(new ListQueuesCommand({}))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200 },
    });
    const { sessionToken: _, ...bare } = issued;
    await expect(new SQSClient(endpointOf(cloud, bare)).send(new ListQueuesCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('refuses another region, naming both', async () => {
    const elsewhere = endpointOf(cloud, rootCredentials, 'eu-central-1');
    await expect(new SQSClient(elsewhere).send(new ListQueuesCommand({}))).rejects.toThrow(/eu-central-1.*us-east-1/);
  });

  it('refuses a caller whose clock is wrong', async () => {
    const late = { ...endpointOf(cloud), systemClockOffset: -6 * 60_000 };
    await expect(new DynamoDBClient(late).send(new DescribeTableCommand({ TableName: 'x' }))).rejects.toThrow(/clock/);
  });

  it('answers unsigned requests with 403', async () => {
    const response = await fetch(`${cloud.endpoint}/lake/x`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('checks a body whose digest no header names', async () => {
    const signer = signatureOf('sqs', { applyChecksum: false });
    const request = jsonRequest('AmazonSQS.ListQueues', '{}');
    const signed = await signer.sign(request);
    expect(signed.headers).not.toHaveProperty('x-amz-content-sha256');
    const send = (body: string) => fetch(cloud.endpoint, { method: 'POST', headers: signed.headers, body });
    expect(await (await send('{}')).json()).toHaveProperty('QueueUrls');
    expect((await send('{"QueueNamePrefix":"x"}')).status).toBe(403);
  });
});

describe('presigned URLs', () => {
  it('are good until they expire, for what they were signed for', async () => {
    await cloud.call('s3', 'PutObject', { Bucket: 'lake', Key: 'x', Body: Buffer.from('text') }, root(cloud.accountId));
    const presign = (expiresIn: number, at = new Date()) =>
      signatureOf('s3', { uriEscapePath: false })
        .presign(
          {
            method: 'GET',
            protocol: 'http:',
            hostname: '127.0.0.1',
            path: '/lake/x',
            query: {},
            headers: { host: new URL(cloud.endpoint).host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
          },
          {
            expiresIn,
            signingDate: at,
            unhoistableHeaders: new Set(),
            unsignableHeaders: new Set(['x-amz-content-sha256']),
          },
        )
        .then(({ path, query }) => `${cloud.endpoint}${path}?${new URLSearchParams(query as any)}`);
    const good = await fetch(await presign(60));
    expect(await good.text()).toBe('text');
    const expired = await fetch(await presign(60, new Date(Date.now() - 120_000)));
    expect(await expired.text()).toContain('Request has expired');
    const other = await fetch((await presign(60)).replace('/lake/x', '/lake/y'));
    expect(await other.text()).toContain('SignatureDoesNotMatch');
  });
});

describe('the endpoint', () => {
  it('answers 501 with the name of a service that it does not have', async () => {
    const signed = await signatureOf('kinesis', {}).sign(jsonRequest('Kinesis_20131202.ListStreams', '{}'));
    const response = await fetch(cloud.endpoint, { method: 'POST', headers: signed.headers, body: '{}' });
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('"kinesis"') });
  });

  it('answers 501 with the name of an operation that it does not have, and that AWS has', async () => {
    const signed = await signatureOf('dynamodb', {}).sign(jsonRequest('DynamoDB_20120810.ExecuteStatement', '{}'));
    const response = await fetch(cloud.endpoint, { method: 'POST', headers: signed.headers, body: '{}' });
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('dynamodb:ExecuteStatement') });
  });

  it('knows no operation that AWS does not know', async () => {
    const signed = await signatureOf('sqs', {}).sign(jsonRequest('AmazonSQS.constructor', '{}'));
    const response = await fetch(cloud.endpoint, { method: 'POST', headers: signed.headers, body: '{}' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: expect.stringMatching(/UnknownOperationException$/) });
  });

  it('answers 413 to a body that is too large', async () => {
    const sqs = new SQSClient(endpointOf(cloud));
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/jobs`;
    const send = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(40 * 1024 * 1024) }));
    await expect(send).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
  });

  it('closes at once where only idle connections are left', async () => {
    const other = await LocalCloud.start({ services: [createIam, createSqs] });
    const sqs = new SQSClient(endpointOf(other));
    await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    const idle = connect(Number(new URL(other.endpoint).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const began = performance.now();
    await other.close();
    expect(performance.now() - began).toBeLessThan(500);
    idle.destroy();
  });
});

function jsonRequest(target: string, body: string) {
  const headers = {
    host: new URL(cloud.endpoint).host,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
  };
  return { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path: '/', query: {}, headers, body };
}

function signatureOf(service: string, options: object) {
  return new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: rootCredentials,
    sha256: Sha256 as any,
    ...options,
  });
}

/** The digest in the form that the SDK's signer wants one. */
class Sha256 {
  readonly #digest: { update(data: any): unknown; digest(): Buffer };

  constructor(secret?: any) {
    this.#digest = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  update(data: any): void {
    this.#digest.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#digest.digest());
  }
}
