import { afterEach, expect, test } from 'vitest';
import { matchRoute } from '../../../../local/services/executeapi/http-api/match-route.ts';
import { apiClouds } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

const routes = (...keys: string[]) =>
  keys.map((RouteKey) => ({ RouteId: RouteKey, RouteKey, AuthorizationType: 'NONE', ApiKeyRequired: false }) as const);

const pets = routes(
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'GET /pets/dog/1',
  'POST /pets/dog/1',
  'ANY /pets/cat',
);

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['GET', '/pets/cat', 'ANY /pets/cat', {}],
  ['PUT', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
  ['GET', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  ['GET', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
  ['GET', '/', '$default', {}],
  ['GET', '/pets/dog/a%2Fb', 'GET /pets/dog/{id}', { id: 'a/b' }],
  ['GET', '/pets/%zz', 'GET /pets/{proxy+}', { proxy: '%zz' }],
])('sends %s %s to the most specific route', (method, path, key, parameters) => {
  const found = matchRoute(pets, method, path)!;
  expect([found.route.RouteKey, found.pathParameters]).toEqual([key, parameters]);
});

test.each([
  ['POST', '/orders'],
  ['GET', '/orders/'],
  ['GET', '/Orders'],
  ['GET', '/orders/1'],
])('has no route for %s %s without a default', (method, path) => {
  expect(matchRoute(routes('GET /orders', 'GET /orders/{id}/lines'), method, path)).toBeUndefined();
});

test('prefers a method to ANY on the same path only', () => {
  const both = routes('ANY /orders', 'GET /orders', 'GET /{proxy+}');
  expect(matchRoute(both, 'GET', '/orders')!.route.RouteKey).toBe('GET /orders');
  expect(matchRoute(both, 'PUT', '/orders')!.route.RouteKey).toBe('ANY /orders');
});

test('serves a named stage under its name, and the default stage under none', async () => {
  const { httpApi, call } = await clouds.start();
  const { url, ApiId } = await httpApi({ 'GET /orders': {}, 'GET /': {} });
  await call('CreateStage', { ApiId, StageName: 'beta', AutoDeploy: true, StageVariables: { kind: 'beta' } });
  const { echo } = (await (await fetch(`${url}/beta/orders`)).json()) as any;
  expect(echo).toMatchObject({
    routeKey: 'GET /orders',
    rawPath: '/beta/orders',
    stageVariables: { kind: 'beta' },
    requestContext: { stage: 'beta', http: { path: '/beta/orders' } },
  });
  for (const path of ['', '/', '/beta', '/beta/', '/orders']) expect((await fetch(url + path)).status).toBe(200);
});

test('serves an API by the name of its host', async () => {
  const { httpApi, cloud } = await clouds.start();
  const { ApiId } = await httpApi({ 'GET /orders': {} });
  const { request } = await import('node:http');
  const headers = { host: `${ApiId}.execute-api.us-east-1.localhost` };
  const status = await new Promise((resolve) => {
    request(`${cloud.endpoint}/orders`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(200);
});

test.each([
  ['no API', (url: string) => url.replace(/\w+$/, 'abcdefghij')],
  ['no route', (url: string) => `${url}/nothing`],
])('answers 404 where there is %s', async (_what, at) => {
  const { httpApi } = await clouds.start();
  const { url } = await httpApi({ 'GET /orders': {} });
  const response = await fetch(at(url));
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ message: 'Not Found' });
});

test('serves nothing that was not deployed, and what was deployed until it is deployed again', async () => {
  const { httpApi, call } = await clouds.start();
  const { url, ApiId, IntegrationId } = await httpApi({ 'GET /orders': {} });
  await call('CreateStage', { ApiId, StageName: 'v1' });
  const get = async (path: string) => (await fetch(url + path)).status;
  expect(await get('/v1/orders')).toBe(404);
  await call('CreateDeployment', { ApiId, StageName: 'v1' });
  expect(await get('/v1/orders')).toBe(200);
  await call('CreateRoute', { ApiId, RouteKey: 'GET /more', Target: `integrations/${IntegrationId}` });
  expect([await get('/more'), await get('/v1/more')]).toEqual([200, 404]);
  const { DeploymentId } = await call('CreateDeployment', { ApiId });
  expect(await get('/v1/more')).toBe(404);
  await call('UpdateStage', { ApiId, StageName: 'v1', DeploymentId });
  expect(await get('/v1/more')).toBe(200);
});

test('answers nobody at an address that was switched off', async () => {
  const { httpApi } = await clouds.start();
  const { url } = await httpApi({ 'GET /orders': {} }, { api: { DisableExecuteApiEndpoint: true } });
  expect((await fetch(`${url}/orders`)).status).toBe(404);
});

test('knows its APIs after a restart', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const dataFolder = mkdtempSync(join(tmpdir(), 'apis-'));
  const first = await clouds.start({ dataFolder });
  const { ApiId } = await first.httpApi({ 'GET /orders': {} });
  await clouds.stopAll();
  const second = await clouds.start({ dataFolder });
  expect((await fetch(`${second.cloud.endpoint}/_apis/${ApiId}/orders`)).status).toBe(200);
  await clouds.stopAll();
  rmSync(dataFolder, { recursive: true, force: true });
});
