import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalCloud } from '../../../local/cloud.ts';
import { createIam } from '../../../local/services/iam/index.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { rawRequest, sendRaw } from './raw-http.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createIam, createS3, createSqs] });
});
afterAll(() => cloud.close());

const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
const scope = (service: string, key = 'local') => `${key}/${now.slice(0, 8)}/us-east-1/${service}/aws4_request`;
const header = (service: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${scope(service)}, SignedHeaders=host, Signature=${signature}`;
const target = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' };

it.each([
  ['another scheme', 'Basic YTpi'],
  ['no parts', 'AWS4-HMAC-SHA256'],
  ['an empty credential', 'AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=a'],
  ['a short scope', 'AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=a'],
  [
    'a key that every object has',
    `AWS4-HMAC-SHA256 Credential=${scope('sqs', 'constructor')}, SignedHeaders=host, Signature=a`,
  ],
  ['a signature of another length', header('sqs', 'abc')],
  ['a signature in other letters', header('sqs', '\u00ff'.repeat(64))],
  ['a wrong signature', header('sqs', '0'.repeat(64))],
])('a header with %s is refused, for S3 and for others', async (_what, authorization) => {
  const sqs = { method: 'POST', path: '/', headers: { ...target, authorization, 'x-amz-date': now } };
  const s3 = {
    method: 'GET',
    path: '/lake/x',
    headers: {
      authorization: authorization.replace('/sqs/', '/s3/'),
      'x-amz-date': now,
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    },
  };
  for (const request of [sqs, s3]) {
    const { status, text } = await sendRaw(cloud.endpoint, rawRequest('sqs', request));
    expect(text).toMatch(/"__type":"\w+"|<Code>\w+<\/Code>/);
    expect([400, 403]).toContain(status);
  }
});

it.each([
  ['X-Amz-Expires=604801', /AuthorizationQueryParametersError/],
  ['X-Amz-Expires=soon', /AuthorizationQueryParametersError/],
  ['X-Amz-Expires=60&X-Amz-Signature=', /SignatureDoesNotMatch|AuthorizationHeaderMalformed/],
])('a presigned URL with %s is refused', async (query, code) => {
  const common = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope('s3')}&X-Amz-Date=${now}&X-Amz-SignedHeaders=host&X-Amz-Signature=a`;
  const { text } = await sendRaw(
    cloud.endpoint,
    `GET /lake/x?${common}&${query} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
  );
  expect(text).toMatch(code);
});
