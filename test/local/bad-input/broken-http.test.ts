import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../local/cloud.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSqs } from '../../../local/services/sqs/index.ts';
import { type RawRequest, rawRequest, sendRaw } from './raw-http.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createS3, createSqs] });
  await send('s3', { method: 'PUT', path: '/lake' });
});
afterAll(() => cloud.close());

const send = (service: string, request: RawRequest) => sendRaw(cloud.endpoint, rawRequest(service, request));
const get = (path: string) => send('s3', { method: 'GET', path });

// Whatever was sent, the next caller is served.
afterEach(async () => {
  expect((await get('/lake?list-type=2')).status).toBe(200);
});

describe('broken HTTP', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a header without a colon', 'GET / HTTP/1.1\r\nhost 127.0.0.1\r\n\r\n'],
    ['a length that is no number', 'PUT /lake/x HTTP/1.1\r\nhost: a\r\ncontent-length: ten\r\n\r\n'],
    ['a negative length', 'PUT /lake/x HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n'],
    ['two lengths', 'PUT /lake/x HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a length beside chunks',
      'PUT /lake/x HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['another version', 'GET / HTTP/9.9\r\nhost: a\r\n\r\n'],
    ['a newline within a path', 'GET /lake/a\nb HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('is answered with 400 and closed: %s', async (_what, bytes) => {
    expect((await sendRaw(cloud.endpoint, bytes)).status).toBe(400);
  });

  it('takes no headers of more than Node allows', async () => {
    const headers = `x-long: ${'x'.repeat(100_000)}`;
    expect((await sendRaw(cloud.endpoint, `GET / HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n`)).status).toBe(431);
  });

  it('refuses a target that is no path', async () => {
    for (const target of ['http://elsewhere/lake/x', '*', '@elsewhere/x', 'lake/x']) {
      expect((await get(target)).status).toBe(400);
    }
  });

  it('keeps nothing of a body that breaks off', async () => {
    const whole = rawRequest('s3', {
      method: 'PUT',
      path: '/lake/half',
      headers: { 'content-length': '1000' },
      body: 'half',
    });
    await sendRaw(cloud.endpoint, whole, { cutOff: true });
    expect((await get('/lake/half')).status).toBe(404);
    const message = rawRequest('sqs', {
      method: 'POST',
      path: '/',
      headers: { 'content-length': '1000' },
      body: '{"Queue',
    });
    await sendRaw(cloud.endpoint, message, { cutOff: true });
  });

  it('keeps nothing of a body in transfer chunks that are broken', async () => {
    for (const chunks of [
      '5\r\nhello\r\nzz\r\n',
      '5\r\nhello',
      'ffffffffffffffff\r\nx',
      '5\r\nhellooooo\r\n0\r\n\r\n',
    ]) {
      const { 'content-length': _, ...headers } = { 'content-length': '', 'transfer-encoding': 'chunked' };
      const request = rawRequest('s3', { method: 'PUT', path: '/lake/chunks', headers }).toString('latin1');
      const bytes = request.replace(/content-length: 0\r\n/, '') + chunks;
      await sendRaw(cloud.endpoint, bytes, { cutOff: true });
      expect((await get('/lake/chunks')).status).toBe(404);
    }
  });
});

describe('an upload in AWS chunks', () => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32('hello'));
  const good = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${checksum.toString('base64')}\r\n\r\n`;
  const upload = (body: string, headers: Record<string, string> = {}) =>
    send('s3', {
      method: 'PUT',
      path: '/lake/aws-chunks',
      body,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': '5',
        ...headers,
      },
    });

  it.each([
    ['cut short in its data', '5\r\nhel', {}, /IncompleteBody/],
    ['cut short before its end', '5\r\nhello\r\n', {}, /IncompleteBody|MalformedTrailerError/],
    ['without its trailer', '5\r\nhello\r\n0\r\n\r\n', {}, /MalformedTrailerError|InvalidRequest/],
    [
      'with a size that is no number',
      'zz\r\nhello\r\n0\r\n\r\n',
      {},
      /InvalidChunkSizeError|InvalidRequest|IncompleteBody/,
    ],
    [
      'with a size without end',
      `${'f'.repeat(40)}\r\nhello\r\n0\r\n\r\n`,
      {},
      /InvalidChunkSizeError|InvalidRequest|IncompleteBody/,
    ],
    [
      'with data behind its chunk',
      '5\r\nhelloooo\r\n0\r\n\r\n',
      {},
      /InvalidChunkSizeError|InvalidRequest|IncompleteBody/,
    ],
    ['with another length than it declares', good, { 'x-amz-decoded-content-length': '6' }, /IncompleteBody/],
    ['without a declared length', good, { 'x-amz-decoded-content-length': 'x' }, /IncompleteBody|MissingContentLength/],
    ['with a wrong checksum', good.replace(/:.*\r/, ':AAAAAA==\r'), {}, /BadDigest/],
    ['with a checksum of another length', good.replace(/:.*\r/, ':AA==\r'), {}, /InvalidDigest|InvalidRequest/],
  ])('is refused and not kept: %s', async (_what, body, headers, code) => {
    const { status, text } = await upload(body, headers as Record<string, string>);
    expect(text).toMatch(code);
    expect(status).toBe(400);
    expect((await get('/lake/aws-chunks')).status).toBe(404);
  });

  it('is kept where all of it is right', async () => {
    expect((await upload(good)).status).toBe(200);
    expect((await send('s3', { method: 'DELETE', path: '/lake/aws-chunks' })).status).toBe(204);
  });
});

describe('hostile XML', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'
    .split('')
    .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`)
    .join('')}]><Delete><Object><Key>&j;</Key></Object></Delete>`;
  const file =
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&x;</Key></Object></Delete>';

  it.each([
    ['entities that grow', bomb],
    ['an entity that names a file', file],
    ['elements without end', '<Delete>'.repeat(50_000)],
    ['elements that nest deep', `${'<Object>'.repeat(20_000)}${'</Object>'.repeat(20_000)}`],
    ['an object without a key', '<Delete><Object/></Delete>'],
    ['elements that cross', '<Delete><Object></Delete></Object>'],
    ['two roots', '<Delete><Object><Key>a</Key></Object></Delete><Delete/>'],
    ['bytes of another encoding', '\uFEFF\u0000<\u0000D'],
    ['another document', '<html><body/></html>'],
    ['nothing', ''],
  ])('is refused as malformed: %s', async (_what, body) => {
    const { status, text } = await send('s3', { method: 'POST', path: '/lake?delete', body });
    expect(text).toMatch(/<Code>(MalformedXML|MissingRequestBodyError)<\/Code>/);
    expect(status).toBe(400);
  });
});
