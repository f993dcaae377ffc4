import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { apiClouds } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

const event = async (response: Response) => ((await response.json()) as any).echo;

test('gives a function the event of payload format 2.0', async () => {
  const { httpApi, calls } = await clouds.start();
  const { url, ApiId } = await httpApi({ 'POST /orders/{id}': {} }, { stage: { StageVariables: { table: 'orders' } } });
  const response = await fetch(`${url}/orders/a%20b?tag=x&tag=y%20z&empty=`, {
    method: 'POST',
    headers: {
      Cookie: 'one=1; two=2',
      'X-Custom': 'value',
      'content-type': 'application/json',
      'user-agent': 'tester',
    },
    body: '{"size":1}',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('apigw-requestid')).toBeTruthy();
  const received = await event(response);
  expect(received).toEqual({
    version: '2.0',
    routeKey: 'POST /orders/{id}',
    rawPath: '/orders/a b',
    rawQueryString: 'tag=x&tag=y%20z&empty=',
    cookies: ['one=1', 'two=2'],
    headers: {
      ...received.headers,
      'content-length': '10',
      'content-type': 'application/json',
      'user-agent': 'tester',
      'x-custom': 'value',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { tag: 'x,y z', empty: '' },
    requestContext: {
      accountId: '000000000000',
      apiId: ApiId,
      domainName: `${ApiId}.execute-api.us-east-1.amazonaws.com`,
      domainPrefix: ApiId,
      http: {
        method: 'POST',
        path: '/orders/a b',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'tester',
      },
      requestId: response.headers.get('apigw-requestid'),
      routeKey: 'POST /orders/{id}',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: Date.UTC(2026, 0, 1),
    },
    pathParameters: { id: 'a b' },
    stageVariables: { table: 'orders' },
    body: '{"size":1}',
    isBase64Encoded: false,
  });
  expect(received.headers.cookie).toBeUndefined();
  expect(calls[0]!.principal).toEqual({
    kind: 'service',
    arn: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/$default/POST/orders/{id}`,
  });
});

test('leaves out of format 2.0 what a request does not have', async () => {
  const { httpApi } = await clouds.start();
  const { url } = await httpApi();
  const received = await event(await fetch(`${url}/`));
  expect(received.rawQueryString).toBe('');
  for (const member of ['cookies', 'queryStringParameters', 'pathParameters', 'stageVariables', 'body']) {
    expect(received).not.toHaveProperty(member);
  }
  expect(received.isBase64Encoded).toBe(false);
});

test('gives a function the event of payload format 1.0', async () => {
  const { httpApi } = await clouds.start({
    handler: (event) => ({ statusCode: 200, body: JSON.stringify({ echo: event }) }),
  });
  const { url, ApiId } = await httpApi({ 'ANY /orders/{id}': {} }, { integration: { PayloadFormatVersion: '1.0' } });
  const response = await fetch(`${url}/orders/a%20b?tag=x&tag=y`, { headers: { cookie: 'one=1; two=2' } });
  const received = await event(response);
  expect(received).toMatchObject({
    version: '1.0',
    resource: '/orders/{id}',
    path: '/orders/a%20b',
    httpMethod: 'GET',
    queryStringParameters: { tag: 'y' },
    multiValueQueryStringParameters: { tag: ['x', 'y'] },
    pathParameters: { id: 'a b' },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: ApiId,
      httpMethod: 'GET',
      path: '/orders/a%20b',
      protocol: 'HTTP/1.1',
      resourceId: 'ANY /orders/{id}',
      resourcePath: '/orders/{id}',
      requestTimeEpoch: Date.UTC(2026, 0, 1),
      stage: '$default',
      identity: { sourceIp: '127.0.0.1', accountId: null, userArn: null },
    },
  });
  expect(received.multiValueHeaders.cookie).toEqual(['one=1; two=2']);
  expect(received.headers.cookie).toBe('one=1; two=2');
});

test.each([
  ['application/octet-stream', true],
  ['application/x-www-form-urlencoded', true],
  ['image/png', true],
  ['text/csv', false],
  ['application/vnd.api+json', false],
  ['application/xml', false],
])('hands a body of type %s over in base64: %s', async (type, encoded) => {
  const { httpApi } = await clouds.start();
  const { url } = await httpApi();
  const body = 'a=1&b=ü';
  const received = await event(await fetch(url, { method: 'PUT', body, headers: { 'content-type': type } }));
  expect(received).toMatchObject({
    isBase64Encoded: encoded,
    body: encoded ? Buffer.from(body).toString('base64') : body,
  });
});

test('answers as the function says: status, headers, cookies and a body in base64', async () => {
  const { httpApi } = await clouds.start({
    handler: () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'X-Count': 3, 'Content-Length': '1' },
      cookies: ['a=1', 'b=2; Secure'],
      isBase64Encoded: true,
      body: Buffer.from([0, 255, 1]).toString('base64'),
    }),
  });
  const { url } = await httpApi();
  const response = await fetch(url);
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(response.headers.get('x-count')).toBe('3');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
});

test.each([
  ['an object without a status', { ok: true }, 'application/json', '{"ok":true}'],
  ['text', '"hello"', 'application/json', '"hello"'],
  ['nothing', null, 'application/json', 'null'],
  ['a status and a body', { statusCode: 200, body: 'hi' }, 'text/plain;charset=UTF-8', 'hi'],
  ['a status alone', { statusCode: 200 }, 'text/plain;charset=UTF-8', ''],
])('makes a response out of %s', async (_what, result, type, body) => {
  const { httpApi } = await clouds.start({ handler: () => result });
  const { url } = await httpApi();
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toBe(body);
});

test('puts the lists of format 1.0 before its single headers', async () => {
  const { httpApi } = await clouds.start({
    handler: () => ({
      statusCode: 200,
      headers: { 'x-one': 'c' },
      multiValueHeaders: { 'x-one': ['a', 'b'] },
      body: '',
    }),
  });
  const { url } = await httpApi({ $default: {} }, { integration: { PayloadFormatVersion: '1.0' } });
  expect((await fetch(url)).headers.get('x-one')).toBe('a, b, c');
});

test.each([
  ['throws', () => Promise.reject(new Error('broken')), '2.0', 500, 'Internal Server Error'],
  ['answers with a status that is none', () => ({ statusCode: 20 }), '2.0', 500, 'Internal Server Error'],
  ['answers with a body that is no text', () => ({ statusCode: 200, body: {} }), '2.0', 500, 'Internal Server Error'],
  ['answers without a status in format 1.0', () => ({ ok: true }), '1.0', 500, 'Internal Server Error'],
  [
    'may not be invoked',
    () => Promise.reject(new AwsError('AccessDeniedException', 'no', 403)),
    '2.0',
    500,
    'Internal Server Error',
  ],
  [
    'is throttled',
    () => Promise.reject(new AwsError('TooManyRequestsException', 'no', 429)),
    '2.0',
    503,
    'Service Unavailable',
  ],
  [
    'gets too much',
    () => Promise.reject(new AwsError('RequestTooLargeException', 'no', 413)),
    '2.0',
    413,
    'Request Entity Too Large',
  ],
])('answers by itself for a function that %s', async (_what, handler, PayloadFormatVersion, status, message) => {
  const { httpApi } = await clouds.start({ handler });
  const { url } = await httpApi({ $default: {} }, { integration: { PayloadFormatVersion } });
  const response = await fetch(url);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ message });
});

test('waits for a function no longer than the integration says', async () => {
  const { httpApi, clock } = await clouds.start({ handler: () => new Promise(() => {}) });
  const { url } = await httpApi({ $default: {} }, { integration: { TimeoutInMillis: 5_000 } });
  const response = fetch(url);
  while (!(await clock.advanceToNext()));
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1) + 5_000);
  expect((await response).status).toBe(503);
  expect(await (await response).json()).toEqual({ message: 'Service Unavailable' });
});

test('refuses a body of more than 10 MB', async () => {
  const { httpApi, calls } = await clouds.start();
  const { url } = await httpApi();
  const response = await fetch(url, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect(response.status).toBe(413);
  expect(calls).toEqual([]);
});
