import { createHash, createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Credentials, Principal } from '../../../../local/service.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { apiClouds } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});

/** A cloud with permissions, and an API with a signed route; `allowed` is what the role `caller` may do. */
async function guarded(Action: string, allowed: (apiId: string) => string) {
  const cloud = await clouds.start({ more: [createIam] });
  const { ApiId, url } = await cloud.httpApi({ 'ANY /orders/{id}': { AuthorizationType: 'AWS_IAM' }, 'GET /free': {} });
  await cloud.asRoot('iam', 'CreateRole', { RoleName: 'caller', AssumeRolePolicyDocument: trust });
  const Resource = `arn:aws:execute-api:us-east-1:000000000000:${allowed(ApiId)}`;
  await cloud.asRoot('iam', 'PutRolePolicy', {
    RoleName: 'caller',
    PolicyName: 'call',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }),
  });
  const principal: Principal = cloud.cloud.assume('arn:aws:iam::000000000000:role/caller', 'session');
  const request = (method: string, path: string) => ({
    apiId: ApiId,
    method,
    path,
    query: '',
    headers: [],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    domainName: '',
  });
  const invoke = (method: string, path: string) =>
    cloud.cloud.call('execute-api', 'Invoke', request(method, path), principal);
  return { ...cloud, ApiId, url, principal, invoke };
}

test('lets a role call the paths that its policies allow, as they are called', async () => {
  const { invoke } = await guarded('execute-api:Invoke', (id) => `${id}/$default/GET/orders/1`);
  const { body } = await invoke('GET', '/orders/1');
  const { iam } = JSON.parse(body).echo.requestContext.authorizer;
  expect(iam).toMatchObject({
    accountId: '000000000000',
    userArn: 'arn:aws:sts::000000000000:assumed-role/caller/session',
    userId: expect.stringMatching(/^AROA\w+:session$/),
  });
  for (const [method, path] of [
    ['GET', '/orders/2'],
    ['PUT', '/orders/1'],
  ] as const) {
    await expect(invoke(method, path)).rejects.toMatchObject({ code: 'AccessDeniedException', statusCode: 403 });
  }
});

test('refuses callers who signed nothing on signed routes only', async () => {
  const { url } = await guarded('execute-api:Invoke', (id) => `${id}/*`);
  const refused = await fetch(`${url}/orders/1`);
  expect([refused.status, await refused.json()]).toEqual([403, { message: 'Forbidden' }]);
  expect((await fetch(`${url}/free`)).status).toBe(200);
});

test('holds the management of connections to policies', async () => {
  const { cloud, principal, ApiId } = await guarded('execute-api:ManageConnections', (id) => `${id}/live/POST/*`);
  const connection = { ApiId, Stage: 'live', ConnectionId: 'abc=' };
  const call = (operation: string, input: object = connection) =>
    cloud.call('execute-api', operation, input, principal);
  await expect(call('PostToConnection')).rejects.toMatchObject({ code: 'GoneException' });
  await expect(call('DeleteConnection')).rejects.toMatchObject({ code: 'AccessDeniedException' });
  const asStates = { ApiEndpoint: `${ApiId}.execute-api.us-east-1.amazonaws.com`, Stage: 'live', ConnectionId: 'abc=' };
  await expect(call('PostToConnection', asStates)).rejects.toMatchObject({ code: 'GoneException' });
});

/** Signs as AWS's own tools do: the digest of the empty body is the only one needed here. */
function signed(url: string, { accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  const { host, pathname } = new URL(url);
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${at.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const headers = { host, 'x-amz-date': at, 'x-amz-security-token': sessionToken };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = ['GET', pathname, '', lines.join(''), names, sha256('')].join('\n');
  const key = ['us-east-1', 'execute-api', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, at.slice(0, 8)));
  const signature = hmac(key, ['AWS4-HMAC-SHA256', at, scope, sha256(request)].join('\n')).toString('hex');
  const credential = `Credential=${accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

test('knows callers by their signature, over HTTP and WebSocket', async () => {
  const { cloud, call, principal, url, ApiId } = await guarded('execute-api:Invoke', () => '*');
  const credentials = cloud.issueCredentials(principal);
  const get = (at: string, signedFor = at) => fetch(at, { headers: signed(signedFor, credentials) });
  expect((await get(`${url}/orders/1`)).status).toBe(200);
  expect((await get(`${url}/orders/1`, `${url}/orders/2`)).status).toBe(403);

  const chat = await call('CreateApi', {
    Name: 'c',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.a',
  });
  await call('CreateStage', { ApiId: chat.ApiId, StageName: 'live', AutoDeploy: true });
  await call('CreateRoute', { ApiId: chat.ApiId, RouteKey: '$connect', AuthorizationType: 'AWS_IAM' });
  const address = `${cloud.endpoint}/_apis/${chat.ApiId}/live`;
  const connect = (headers: Record<string, string>) =>
    new Promise((resolve) => {
      const socket = new WebSocket(address.replace('http', 'ws'), { headers });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.on('error', resolve);
    });
  expect(await connect(signed(address, credentials))).toBe('open');
  expect(await connect({})).toBe(403);
  expect(await connect(signed(address.replace(chat.ApiId, ApiId), credentials))).toBe(403);
});
