import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../../../../local/aws-error.ts';
import { apiClouds } from '../apigateway/api-cloud.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';

const clouds = apiClouds();
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await clouds.stopAll();
});

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** An endpoint on this machine that answers by `answer` and writes down what it got. */
async function endpoint(answer = { status: 200, headers: {} as Record<string, string>, body: 'fine' }) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    received.push({ request, body });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const proxy = (IntegrationUri: string, more: object = {}) => ({
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri,
  PayloadFormatVersion: '1.0',
  ...more,
});

test('hands a request on to an address, and its answer back', async () => {
  const { url: target, received } = await endpoint({ status: 418, headers: { 'x-tea': 'green' }, body: 'teapot' });
  const { httpApi } = await clouds.start();
  const { url } = await httpApi({ 'ANY /a/{proxy+}': {} }, { integration: proxy(`${target}/base/{proxy}?fixed=1`) });
  const response = await fetch(`${url}/a/b%20c/d?x=1&x=2`, { method: 'PUT', body: 'hello', headers: { 'x-one': '1' } });
  expect([response.status, response.headers.get('x-tea'), await response.text()]).toEqual([418, 'green', 'teapot']);
  const [{ request, body }] = received as [Received];
  expect([request.method, request.url, body]).toEqual(['PUT', '/base/b%20c/d?fixed=1&x=1&x=2', 'hello']);
  expect(request.headers).toMatchObject({ 'x-one': '1', 'x-forwarded-for': '127.0.0.1', host: new URL(target).host });
});

test('answers 503 where nobody answers', async () => {
  const { httpApi } = await clouds.start();
  const { url } = await httpApi({ $default: {} }, { integration: proxy('http://127.0.0.1:1/') });
  const response = await fetch(url);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ message: 'Service Unavailable' });
});

test('calls no address off this machine', async () => {
  const { httpApi } = await clouds.start();
  const integration = proxy('https://example.com/');
  await expect(httpApi({}, { integration })).rejects.toMatchObject({ statusCode: 501 });
});

test('changes requests and responses by its parameters', async () => {
  const answer = { status: 200, headers: { 'x-secret': 's', 'x-kept': 'k' }, body: '{"code":"201"}' };
  const { url: target, received } = await endpoint(answer);
  const { httpApi } = await clouds.start();
  const RequestParameters = {
    'append:header.x-many': '$request.header.x-one',
    'overwrite:header.x-stage': '$context.stage/$stageVariables.kind',
    'overwrite:header.x-text': '${request.querystring.q} of ${stageVariables.kind}',
    'remove:header.x-gone': "''",
    'overwrite:querystring.q': '$request.body.user.name',
    'remove:querystring.r': "''",
    'overwrite:path': '/other${request.path}',
  };
  const ResponseParameters = {
    200: {
      'remove:header.x-secret': "''",
      'append:header.x-body': '$response.body.code',
      'overwrite:statuscode': '$response.body.code',
    },
  };
  const { url } = await httpApi(
    { $default: {} },
    {
      stage: { StageVariables: { kind: 'shoes' } },
      integration: proxy(`${target}/base`, { RequestParameters, ResponseParameters }),
    },
  );
  const response = await fetch(`${url}/orders?q=1&r=2&s=3`, {
    method: 'POST',
    body: '{"user":{"name":"ann"}}',
    headers: { 'x-one': 'one', 'x-many': 'zero', 'x-gone': 'x' },
  });
  expect(response.status).toBe(201);
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-kept': 'k', 'x-body': '201' });
  expect(response.headers.has('x-secret')).toBe(false);
  const { request } = received[0]!;
  expect(request.url).toBe('/other/orders?s=3&q=ann');
  expect(request.headers).toMatchObject({ 'x-many': 'zero, one', 'x-text': '1 of shoes' });
  expect(request.headers).not.toHaveProperty('x-gone');
});

test.each([
  ['a parameter that names nothing', { RequestParameters: { 'header.x': '1' } }],
  ['a path that is to be removed', { RequestParameters: { 'remove:path': '1' } }],
  ['a status that is none', { ResponseParameters: { all: {} } }],
  ['a query of a response', { ResponseParameters: { 200: { 'append:querystring.x': '1' } } }],
])('refuses %s', async (_what, parameters) => {
  const { httpApi } = await clouds.start();
  const made = httpApi({}, { integration: proxy('http://127.0.0.1:1/', parameters) });
  await expect(made).rejects.toMatchObject({ name: 'BadRequestException' });
});

const CredentialsArn = 'arn:aws:iam::000000000000:role/api';
const subtype = (IntegrationSubtype: string, RequestParameters: Record<string, string>) => ({
  IntegrationSubtype,
  RequestParameters,
  CredentialsArn,
  PayloadFormatVersion: '1.0',
  IntegrationUri: undefined,
});

/** An API with one integration of a service, whose calls the test answers. */
async function calling(service: string, operation: string, integration: object, answer: (input: any) => any) {
  const calls: RecordedCall[] = [];
  const cloud = await clouds.start({ more: [recorder(calls, service, [operation], answer)] });
  const { url } = await cloud.httpApi({ 'POST /do': {} }, { integration });
  const post = (body: object) => fetch(`${url}/do`, { method: 'POST', body: JSON.stringify(body) });
  return { calls, post };
}

test('puts events without a function between', async () => {
  const parameters = {
    Source: 'shop',
    DetailType: '$request.body.kind',
    Detail: '$request.body.detail',
    Resources: '$request.body.about',
  };
  const answer = () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
  const { calls, post } = await calling('events', 'PutEvents', subtype('EventBridge-PutEvents', parameters), answer);
  const response = await post({ kind: 'Order', detail: { id: 7 }, about: ['arn:x'] });
  expect(await response.json()).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
  expect(calls[0]).toMatchObject({
    input: { Entries: [{ Source: 'shop', DetailType: 'Order', Detail: '{"id":7}', Resources: ['arn:x'] }] },
    principal: { kind: 'role', roleArn: CredentialsArn },
  });
});

test('sends messages without a function between', async () => {
  const parameters = { QueueUrl: 'http://127.0.0.1/q', MessageBody: '$request.body', DelaySeconds: '5' };
  const answer = () => ({ MessageId: 'm', MD5OfMessageBody: 'd' });
  const { calls, post } = await calling('sqs', 'SendMessage', subtype('SQS-SendMessage', parameters), answer);
  expect(await (await post({ id: 7 })).text()).toContain('<MessageId>m</MessageId>');
  expect(calls[0]!.input).toEqual({ QueueUrl: 'http://127.0.0.1/q', MessageBody: '{"id":7}', DelaySeconds: 5 });
});

test('starts executions without a function between, and tells what went wrong', async () => {
  const parameters = { StateMachineArn: 'arn:machine', Input: '$request.body', Name: '$request.body.name' };
  const startDate = new Date('2026-01-01T00:00:00Z');
  const { calls, post } = await calling(
    'states',
    'StartExecution',
    subtype('StepFunctions-StartExecution', parameters),
    ({ name }) => {
      if (name === 'bad') throw new AwsError('InvalidName', 'not this name');
      return { executionArn: 'arn:execution', startDate };
    },
  );
  expect(await (await post({ name: 'a' })).json()).toEqual({ executionArn: 'arn:execution', startDate: 1767225600 });
  expect(calls[0]!.input).toEqual({ stateMachineArn: 'arn:machine', input: '{"name":"a"}', name: 'a' });
  const refused = await post({ name: 'bad' });
  expect([refused.status, await refused.json()]).toEqual([400, { __type: 'InvalidName', message: 'not this name' }]);
});

test.each([
  ['a service that is not here', subtype('Kinesis-PutRecord', {}), 'NotImplemented'],
  ['a parameter too few', subtype('SQS-SendMessage', { QueueUrl: 'q' }), 'BadRequestException'],
  ['a parameter too many', subtype('SQS-PurgeQueue', { QueueUrl: 'q', More: 'm' }), 'BadRequestException'],
  ['another region', subtype('SQS-PurgeQueue', { QueueUrl: 'q', Region: 'eu-west-1' }), 'NotImplemented'],
  ['no role', { ...subtype('SQS-PurgeQueue', { QueueUrl: 'q' }), CredentialsArn: undefined }, 'BadRequestException'],
])('refuses the integration of a service with %s', async (_what, integration, code) => {
  const { httpApi } = await clouds.start();
  await expect(httpApi({}, { integration })).rejects.toMatchObject({ code });
});
