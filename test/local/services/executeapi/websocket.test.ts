import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { AwsError } from '../../../../local/aws-error.ts';
import { type ApiCloudOptions, apiClouds, functionArn, type Handler } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
const clients: { terminate?(): void; destroy?(): void }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) (client.terminate ?? client.destroy)!.call(client);
  await clouds.stopAll();
});

const ok: Handler = () => ({ statusCode: 200 });

/** A WebSocket API with the function of its own name behind each route, in a stage `live`. */
async function chat(
  routes: Readonly<Record<string, object>>,
  { handler = ok, stage = {}, ...options }: ApiCloudOptions & { stage?: object } = {},
) {
  const cloud = await clouds.start({ handler, ...options });
  const { ApiId, ApiEndpoint } = await cloud.call('CreateApi', {
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  await cloud.call('CreateStage', { ApiId, StageName: 'live', AutoDeploy: true, ...stage });
  for (const [RouteKey, settings] of Object.entries(routes)) {
    const { IntegrationId } = await cloud.call('CreateIntegration', {
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn(RouteKey.replace('$', '')),
    });
    const target = `integrations/${IntegrationId}`;
    const { RouteId } = await cloud.call('CreateRoute', { ApiId, RouteKey, Target: target, ...settings });
    if ('RouteResponseSelectionExpression' in settings) {
      await cloud.call('CreateRouteResponse', { ApiId, RouteId, RouteResponseKey: '$default' });
    }
  }
  const url = `${ApiEndpoint}/live`;
  const management = new ApiGatewayManagementApiClient({
    endpoint: `${cloud.cloud.endpoint}/_apis/${ApiId}/live`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  clients.push(management);
  const events = () => cloud.calls.map(({ input }) => JSON.parse(input.Payload));
  const about = (eventType: string) => events().filter(({ requestContext }) => requestContext.eventType === eventType);
  return { ...cloud, ApiId, url, management, events, about };
}

/** A client that writes down what it gets. Rejects with the status of a refused connection. */
async function connect(url: string, protocols: string[] = [], headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, protocols, { headers });
  clients.push(socket);
  const messages: string[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  socket.on('message', (data) => messages.push(String(data)));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
    socket.on('error', reject);
  });
  return { socket, messages, closed, received: (count = 1) => vi.waitFor(() => expect(messages).toHaveLength(count)) };
}

test('tells functions of a connection, of its messages and of its end', async () => {
  const api = await chat({ $connect: {}, $disconnect: {}, $default: {}, join: {} });
  const client = await connect(`${api.url}?room=a&room=b`, [], { 'x-who': 'alice', 'user-agent': 'tester' });
  const [connected] = api.about('CONNECT');
  const { connectionId } = connected.requestContext;
  expect(connectionId).toMatch(/^[\w-]{15}=$/);
  expect(connected).toMatchObject({
    headers: { 'x-who': 'alice', 'X-Forwarded-For': '127.0.0.1' },
    multiValueHeaders: { 'x-who': ['alice'] },
    queryStringParameters: { room: 'b' },
    multiValueQueryStringParameters: { room: ['a', 'b'] },
    isBase64Encoded: false,
    requestContext: {
      routeKey: '$connect',
      messageDirection: 'IN',
      stage: 'live',
      connectedAt: Date.UTC(2026, 0, 1),
      requestTimeEpoch: Date.UTC(2026, 0, 1),
      requestTime: '01/Jan/2026:00:00:00 +0000',
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester' },
      apiId: api.ApiId,
      domainName: `${new URL(api.cloud.endpoint).host}/_apis/${api.ApiId}`,
    },
  });
  for (const message of ['{"action":"join","room":"a"}', '{"action":"other"}', 'no JSON']) client.socket.send(message);
  await vi.waitFor(() => expect(api.about('MESSAGE')).toHaveLength(3));
  expect(api.about('MESSAGE').map(({ requestContext, body }) => [requestContext.routeKey, body])).toEqual([
    ['join', '{"action":"join","room":"a"}'],
    ['$default', '{"action":"other"}'],
    ['$default', 'no JSON'],
  ]);
  expect(api.about('MESSAGE')[0].requestContext).toMatchObject({ connectionId, messageId: expect.any(String) });
  client.socket.close(4000, 'enough');
  await vi.waitFor(() => expect(api.about('DISCONNECT')).toHaveLength(1));
  expect(api.about('DISCONNECT')[0].requestContext).toMatchObject({
    connectionId,
    routeKey: '$disconnect',
    disconnectStatusCode: 4000,
    disconnectReason: 'enough',
  });
  const { sourceArn } = api.calls[0]!.principal;
  expect(sourceArn).toBe(`arn:aws:execute-api:us-east-1:000000000000:${api.ApiId}/live/$connect`);
});

test('answers the sender only on routes with a response', async () => {
  const api = await chat(
    { quiet: {}, loud: { RouteResponseSelectionExpression: '$default' } },
    { handler: (_event, name) => ({ statusCode: 200, body: `from ${name}` }) },
  );
  const client = await connect(api.url);
  client.socket.send('{"action":"quiet"}');
  client.socket.send('{"action":"loud"}');
  await client.received();
  expect(client.messages).toEqual(['from loud']);
});

test('says to the sender what went wrong', async () => {
  const api = await chat({ fail: {} }, { handler: () => Promise.reject(new Error('broken')) });
  const client = await connect(api.url);
  client.socket.send('{"action":"fail"}');
  await client.received(1);
  client.socket.send('{"action":"nothing"}');
  await client.received(2);
  expect(client.messages.map((message) => JSON.parse(message))).toEqual([
    { message: 'Internal server error', connectionId: expect.any(String), requestId: expect.any(String) },
    { message: 'Forbidden', connectionId: expect.any(String), requestId: expect.any(String) },
  ]);
});

test.each([
  ['says no', () => ({ statusCode: 401 }), '401'],
  ['fails', () => Promise.reject(new Error('broken')), '502'],
  ['may not be invoked', () => Promise.reject(new AwsError('AccessDeniedException', 'no', 403)), '500'],
  ['does not answer properly', () => ({}), '502'],
])('refuses a connection whose function %s', async (_what, handler, status) => {
  const api = await chat({ $connect: {} }, { handler });
  await expect(connect(api.url)).rejects.toThrow(status);
});

test('refuses connections to what is not there', async () => {
  const api = await chat({ $connect: {} });
  await expect(connect(api.url.replace('/live', '/other'))).rejects.toThrow('403');
  await expect(connect(api.url.replace(api.ApiId, 'abcdefghij'))).rejects.toThrow('403');
});

test('speaks the subprotocol that the function chooses', async () => {
  const api = await chat(
    { $connect: {} },
    { handler: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'two' } }) },
  );
  expect((await connect(api.url, ['one', 'two'])).socket.protocol).toBe('two');
});

test('asks a Lambda authorizer before it connects, and gives its context with every event', async () => {
  const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
  const handler: Handler = ({ headers }, name) => {
    if (name !== 'decide') return { statusCode: 200 };
    const Effect = headers.Auth === 'yes' ? 'Allow' : 'Deny';
    const policyDocument = { Version: '2012-10-17', Statement: [{ ...statement, Effect }] };
    return { principalId: 'alice', policyDocument, context: { tenant: 7 } };
  };
  const api = await chat({ say: {} }, { handler });
  const { AuthorizerId } = await api.call('CreateAuthorizer', {
    ApiId: api.ApiId,
    Name: 'decide',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: functionArn('decide'),
    IdentitySource: ['route.request.header.Auth'],
  });
  await api.call('CreateRoute', { ApiId: api.ApiId, RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId });
  await expect(connect(api.url)).rejects.toThrow('401');
  await expect(connect(api.url, [], { Auth: 'no' })).rejects.toThrow('403');
  const client = await connect(api.url, [], { Auth: 'yes' });
  client.socket.send('{"action":"say"}');
  await vi.waitFor(() => expect(api.about('MESSAGE')).toHaveLength(1));
  expect(api.about('MESSAGE')[0].requestContext.authorizer).toEqual({ tenant: 7, principalId: 'alice' });
  expect(api.events()[0]).toMatchObject({
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.ApiId}/live/$connect`,
  });
});

test('sends to, shows and ends a connection', async () => {
  const api = await chat({ $connect: {}, $disconnect: {} });
  const client = await connect(api.url, [], { 'user-agent': 'tester' });
  const ConnectionId: string = api.about('CONNECT')[0].requestContext.connectionId;
  await api.clock.advance(60_000);
  const Data = Buffer.from('ü'.repeat(40_000));
  await api.management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  await client.received();
  expect(client.messages[0]).toBe(Data.toString());
  expect(await api.management.send(new GetConnectionCommand({ ConnectionId }))).toMatchObject({
    ConnectedAt: new Date('2026-01-01T00:00:00Z'),
    LastActiveAt: new Date('2026-01-01T00:01:00Z'),
    Identity: { SourceIp: '127.0.0.1', UserAgent: 'tester' },
  });
  const tooMuch = new PostToConnectionCommand({ ConnectionId, Data: Buffer.alloc(128 * 1024 + 1) });
  await expect(api.management.send(tooMuch)).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
  await api.management.send(new DeleteConnectionCommand({ ConnectionId }));
  expect(await client.closed).toEqual({ code: 1000, reason: '' });
  await vi.waitFor(() => expect(api.about('DISCONNECT')).toHaveLength(1));
  expect(api.about('DISCONNECT')[0].requestContext).toMatchObject({
    disconnectStatusCode: 1000,
    disconnectReason: 'Connection Closed Normally',
  });
  for (const Command of [PostToConnectionCommand, GetConnectionCommand, DeleteConnectionCommand]) {
    const command: any = new Command({ ConnectionId, Data: 'late' });
    await expect(api.management.send(command)).rejects.toMatchObject({
      name: 'GoneException',
      $metadata: { httpStatusCode: 410 },
    });
  }
});

test('sends nothing to a connection that is still being asked for', async () => {
  let posted: unknown;
  const handler: Handler = async ({ requestContext: { connectionId } }) => {
    const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'early' });
    posted = await api.management.send(command).catch((error) => error.name);
    return { statusCode: 200 };
  };
  const api = await chat({ $connect: {} }, { handler });
  await connect(api.url);
  expect(posted).toBe('GoneException');
});

test('ends a connection on which nothing has passed for ten minutes', async () => {
  const api = await chat({ $default: {}, $disconnect: {} });
  const client = await connect(api.url);
  await api.clock.advance(9 * 60_000);
  client.socket.send('still here');
  await vi.waitFor(() => expect(api.about('MESSAGE')).toHaveLength(1));
  await api.clock.advance(9 * 60_000);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  await api.clock.advance(60_000);
  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
});

test('ends a connection after two hours', async () => {
  const api = await chat({ $default: {}, $disconnect: {} });
  const client = await connect(api.url);
  for (let minutes = 0; minutes < 120; minutes += 5) {
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    client.socket.send('still here');
    const count = minutes / 5 + 1;
    await vi.waitFor(() => expect(api.about('MESSAGE')).toHaveLength(count));
    await api.clock.advance(5 * 60_000);
  }
  expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
});

test.each([
  ['a binary frame', (socket: WebSocket) => socket.send(Buffer.from([1, 2])), 1003],
  ['a frame of more than 32 KB', (socket: WebSocket) => socket.send('x'.repeat(32 * 1024 + 1)), 1009],
  [
    'a message of more than 128 KB',
    (socket: WebSocket) => {
      for (let part = 0; part < 5; part++) socket.send('x'.repeat(32 * 1024), { fin: part === 4 });
    },
    1009,
  ],
])('closes a connection that brings %s', async (_what, send, code) => {
  const api = await chat({ $default: {} });
  const client = await connect(api.url);
  send(client.socket);
  expect((await client.closed).code).toBe(code);
  expect(api.events()).toEqual([]);
});

test('takes a message of 128 KB in frames of 32 KB', async () => {
  const api = await chat({ $default: {} });
  const client = await connect(api.url);
  for (let part = 0; part < 4; part++) client.socket.send('x'.repeat(32 * 1024), { fin: part === 3 });
  await vi.waitFor(() => expect(api.about('MESSAGE')).toHaveLength(1));
  expect(api.about('MESSAGE')[0].body).toHaveLength(128 * 1024);
});

test('tells of the end of connections that were lost with their process', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'chat-'));
  const first = await chat({ $connect: {}, $disconnect: {} }, { dataFolder });
  const client = await connect(first.url);
  const { connectionId } = first.about('CONNECT')[0].requestContext;
  await clouds.stopAll();
  expect((await client.closed).code).toBe(1001);
  expect(first.about('DISCONNECT')).toEqual([]);
  const second = await clouds.start({ dataFolder, handler: ok });
  await vi.waitFor(() => expect(second.calls).toHaveLength(1));
  expect(JSON.parse(second.calls[0]!.input.Payload).requestContext).toMatchObject({
    connectionId,
    eventType: 'DISCONNECT',
    disconnectStatusCode: 1006,
  });
  await clouds.stopAll();
  rmSync(dataFolder, { recursive: true, force: true });
});
