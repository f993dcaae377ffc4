import { afterEach, expect, test } from 'vitest';
import { apiClouds, functionArn, type Handler } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

/** An API whose routes ask the function `decide`. */
async function guarded(decide: Handler, settings: object = {}) {
  const cloud = await clouds.start({
    handler: (event, name) => (name === 'decide' ? decide(event, name) : { echo: event }),
  });
  const { ApiId, url, IntegrationId } = await cloud.httpApi({});
  const { AuthorizerId } = await cloud.call('CreateAuthorizer', {
    ApiId,
    Name: 'decide',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn('decide')}/invocations`,
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    AuthorizerResultTtlInSeconds: 0,
    IdentitySource: ['$request.header.Authorization'],
    ...settings,
  });
  const routes = { AuthorizationType: 'CUSTOM', AuthorizerId, Target: `integrations/${IntegrationId}` };
  await cloud.call('CreateRoute', { ApiId, RouteKey: 'GET /orders/{id}', ...routes });
  await cloud.call('CreateRoute', { ApiId, RouteKey: 'DELETE /orders/{id}', ...routes });
  const ask = (path = '/orders/1', init: RequestInit = { headers: { Authorization: 'let me' } }) =>
    fetch(url + path, init);
  const asked = () => cloud.calls.filter(({ input }) => input.FunctionName === functionArn('decide'));
  return { ...cloud, ApiId, AuthorizerId, ask, asked };
}

test('asks the function and hands its context on', async () => {
  const { ask, asked, ApiId, AuthorizerId } = await guarded(() => ({ isAuthorized: true, context: { tenant: 7 } }));
  const { echo } = (await (await ask('/orders/1?a=b')).json()) as any;
  expect(echo.requestContext.authorizer).toEqual({ lambda: { tenant: 7 } });
  expect(JSON.parse(asked()[0]!.input.Payload)).toMatchObject({
    version: '2.0',
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/$default/GET/orders/1`,
    identitySource: ['let me'],
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/1',
    rawQueryString: 'a=b',
    pathParameters: { id: '1' },
    requestContext: { apiId: ApiId, stage: '$default' },
  });
  expect(asked()[0]!.principal).toMatchObject({
    arn: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/authorizers/${AuthorizerId}`,
  });
});

test.each([
  ['says no', () => ({ isAuthorized: false }), 403, 'Forbidden'],
  ['says nothing', () => ({}), 500, 'Internal Server Error'],
  ['fails', () => Promise.reject(new Error('broken')), 500, 'Internal Server Error'],
])('answers for a function that %s', async (_what, decide, status, message) => {
  const { ask } = await guarded(decide);
  const response = await ask();
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ message });
});

test('does not ask where an identity source is missing', async () => {
  const { ask, asked } = await guarded(() => ({ isAuthorized: true }));
  const response = await ask('/orders/1', {});
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ message: 'Unauthorized' });
  expect(asked()).toEqual([]);
});

const policy = (Effect: string, ...paths: string[]) => ({
  principalId: 'alice',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect,
        Action: 'execute-api:Invoke',
        Resource: paths.map((path) => `arn:aws:execute-api:us-east-1:000000000000:*/$default/${path}`),
      },
    ],
  },
  context: { tenant: 'x' },
});

test('holds callers to the policy that a function returns', async () => {
  const { ask } = await guarded(() => policy('Allow', 'GET/orders/1'), { EnableSimpleResponses: false });
  const { echo } = (await (await ask()).json()) as any;
  expect(echo.requestContext.authorizer).toEqual({ lambda: { tenant: 'x' } });
  expect((await ask('/orders/2')).status).toBe(403);
  expect((await ask('/orders/1', { method: 'DELETE', headers: { Authorization: 'x' } })).status).toBe(403);
});

test('speaks format 1.0', async () => {
  const settings = { EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: '1.0' };
  const { ask, asked, ApiId } = await guarded(() => policy('Allow', '*'), settings);
  expect((await ask()).status).toBe(200);
  expect(JSON.parse(asked()[0]!.input.Payload)).toMatchObject({
    version: '1.0',
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/$default/GET/orders/1`,
    identitySource: 'let me',
    authorizationToken: 'let me',
    resource: '/orders/{id}',
    httpMethod: 'GET',
    path: '/orders/1',
  });
});

test('refuses a policy that is none', async () => {
  const broken = { principalId: 'alice', policyDocument: { Statement: [{ Effect: 'Perhaps' }] } };
  const { ask } = await guarded(() => broken, { EnableSimpleResponses: false });
  expect((await ask()).status).toBe(500);
});

test('remembers a decision for as long as the authorizer says, by its identity sources', async () => {
  const { ask, asked, clock } = await guarded(() => ({ isAuthorized: true }), { AuthorizerResultTtlInSeconds: 60 });
  const as = (who: string) => ask('/orders/1', { headers: { Authorization: who } });
  await as('alice');
  await as('alice');
  expect(asked()).toHaveLength(1);
  await as('bob');
  expect(asked()).toHaveLength(2);
  await clock.advance(60_000);
  await as('alice');
  expect(asked()).toHaveLength(3);
});
