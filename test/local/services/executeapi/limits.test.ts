import { afterEach, expect, test } from 'vitest';
import { apiClouds } from '../apigateway/api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

const cors = {
  AllowOrigins: ['https://shop.example', 'http://*.test'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['authorization', 'x-one'],
  ExposeHeaders: ['x-two'],
  MaxAge: 300,
  AllowCredentials: true,
};
const from = (origin: string, more: object = {}) => ({ headers: { origin, ...more } });
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  ...from(origin, { 'access-control-request-method': 'GET' }),
});
const corsOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

test('answers preflight requests by itself', async () => {
  const { httpApi, calls } = await clouds.start();
  const { url } = await httpApi({ 'GET /orders': {} }, { api: { CorsConfiguration: cors } });
  const response = await fetch(`${url}/orders`, preflight('https://shop.example'));
  expect(response.status).toBe(204);
  expect(corsOf(response)).toEqual({
    'access-control-allow-origin': 'https://shop.example',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'authorization,x-one',
    'access-control-expose-headers': 'x-two',
    'access-control-max-age': '300',
  });
  expect(corsOf(await fetch(`${url}/orders`, preflight('https://evil.example')))).toEqual({});
  expect(calls).toEqual([]);
});

test('says what it allows in place of what the function says', async () => {
  const handler = () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*', 'x-two': '2' } });
  const { httpApi } = await clouds.start({ handler });
  const { url } = await httpApi({ 'GET /orders': {} }, { api: { CorsConfiguration: cors } });
  const allowed = await fetch(`${url}/orders`, from('http://a.test'));
  expect(corsOf(allowed)).toEqual({
    'access-control-allow-origin': 'http://a.test',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-two',
  });
  expect(allowed.headers.get('x-two')).toBe('2');
  expect(corsOf(await fetch(`${url}/orders`, from('http://a.b.example')))).toEqual({});
  expect(corsOf(await fetch(`${url}/nothing`, from('http://a.test')))).toHaveProperty('access-control-allow-origin');
});

test('leaves CORS to the function where the API has none', async () => {
  const handler = (event: any) => ({
    statusCode: 200,
    headers: { 'access-control-allow-origin': '*' },
    body: event.routeKey,
  });
  const { httpApi } = await clouds.start({ handler });
  const { url } = await httpApi({ 'ANY /orders': {} });
  const response = await fetch(`${url}/orders`, preflight('https://shop.example'));
  expect([response.status, await response.text()]).toEqual([200, 'ANY /orders']);
  expect(corsOf(response)).toEqual({ 'access-control-allow-origin': '*' });
});

test('lets a burst pass, and after it as many as the rate gives', async () => {
  const { httpApi, clock } = await clouds.start();
  const settings = { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 };
  const { url } = await httpApi({ 'GET /a': {}, 'GET /b': {} }, { stage: { DefaultRouteSettings: settings } });
  const get = async (path: string) => (await fetch(url + path)).status;
  expect([await get('/a'), await get('/b'), await get('/a')]).toEqual([200, 200, 429]);
  await clock.advance(1000);
  expect([await get('/b'), await get('/b')]).toEqual([200, 429]);
  const response = await fetch(`${url}/a`);
  expect(await response.json()).toEqual({ message: 'Too Many Requests' });
});

test('counts a route with limits of its own by itself', async () => {
  const { httpApi } = await clouds.start();
  const RouteSettings = { 'GET /a': { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 } };
  const { url } = await httpApi({ 'GET /a': {}, 'GET /b': {} }, { stage: { RouteSettings } });
  const get = async (path: string) => (await fetch(url + path)).status;
  expect([await get('/a'), await get('/a'), await get('/b'), await get('/b')]).toEqual([200, 429, 200, 200]);
});

test('writes a line for each request to the log group of the stage', async () => {
  const { httpApi, asRoot, cloud } = await clouds.start({
    handler: (event) => (event.rawPath === '/fail' ? Promise.reject(new Error('broken')) : 'ok'),
  });
  await asRoot('logs', 'CreateLogGroup', { logGroupName: '/api/access' });
  const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/api/access:*';
  const Format =
    '$context.requestId $context.httpMethod $context.routeKey $context.status $context.unknown $context.integrationErrorMessage';
  const { url } = await httpApi({ $default: {} }, { stage: { AccessLogSettings: { DestinationArn, Format } } });
  const first = await fetch(`${url}/orders`);
  const second = await fetch(`${url}/fail`);
  await cloud.close();
  const place = { logGroupName: '/api/access', logStreamName: 'access' };
  const { events } = await asRoot('logs', 'GetLogEvents', { ...place, startFromHead: true });
  expect(events.map(({ message }: any) => message)).toEqual([
    `${first.headers.get('apigw-requestid')} GET $default 200 - -`,
    `${second.headers.get('apigw-requestid')} GET $default 500 - The Lambda function returned the following error: {"errorMessage":"broken"}`,
  ]);
});
