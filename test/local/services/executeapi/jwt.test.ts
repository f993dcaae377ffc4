import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { apiClouds } from '../apigateway/api-cloud.ts';
import { type Issuer, startIssuer } from './issuer.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

async function guarded(scopes: string[] = []) {
  const cloud = await clouds.start();
  const { ApiId, url, IntegrationId } = await cloud.httpApi({});
  const { AuthorizerId } = await cloud.call('CreateAuthorizer', {
    ApiId,
    Name: 'tokens',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: issuer.url, Audience: ['orders', 'other'] },
  });
  await cloud.call('CreateRoute', {
    ApiId,
    RouteKey: 'GET /orders',
    Target: `integrations/${IntegrationId}`,
    AuthorizationType: 'JWT',
    AuthorizerId,
    AuthorizationScopes: scopes,
  });
  const get = (token?: string) =>
    fetch(`${url}/orders`, token === undefined ? {} : { headers: { Authorization: token } });
  return { ...cloud, ApiId, AuthorizerId, get };
}

test('lets a token of the issuer pass, and hands its claims to the function', async () => {
  const { get } = await guarded();
  for (const prefix of ['', 'Bearer ', 'bearer ']) {
    const response = await get(prefix + issuer.token({ groups: ['a', 'b'], admin: true, scope: 'read write' }));
    expect(response.status).toBe(200);
    const { echo } = (await response.json()) as any;
    expect(echo.requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          iss: issuer.url,
          aud: 'orders',
          exp: String(Date.UTC(2026, 0, 1, 1) / 1000),
          sub: 'alice',
          groups: '[a b]',
          admin: 'true',
          scope: 'read write',
        },
        scopes: null,
      },
    });
  }
});

test('asks for a token where there is none', async () => {
  const { get, calls } = await guarded();
  const response = await get();
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toEqual({ message: 'Unauthorized' });
  expect(calls).toEqual([]);
});

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
test.each([
  ['is no token', () => 'abc'],
  ['is cut short', () => issuer.token({}).slice(0, -10)],
  ['is signed by somebody else', () => issuer.token({}, { key: stranger })],
  ['names an unknown key', () => issuer.token({}, { kid: 'unknown', key: stranger })],
  ['claims an algorithm without a key', () => issuer.token({}, { alg: 'none' })],
  ['claims an algorithm that API Gateway does not have', () => issuer.token({}, { alg: 'ES256' })],
  ['comes from another issuer', () => issuer.token({ iss: 'http://127.0.0.1:1' })],
  ['is for another audience', () => issuer.token({ aud: 'elsewhere' })],
  ['is for another client', () => issuer.token({ aud: undefined, client_id: 'elsewhere' })],
  [
    'has an audience of another kind, whatever its client',
    () => issuer.token({ aud: 'elsewhere', client_id: 'orders' }),
  ],
  ['has expired', () => issuer.token({ exp: Date.UTC(2025, 11, 31) / 1000 })],
  ['never expires', () => issuer.token({ exp: undefined })],
  ['is not valid yet', () => issuer.token({ nbf: Date.UTC(2026, 0, 1, 0, 30) / 1000 })],
  ['was issued in the future', () => issuer.token({ iat: Date.UTC(2026, 0, 1, 0, 30) / 1000 })],
])('refuses a token that %s', async (_what, token) => {
  const { get } = await guarded();
  const response = await get(token());
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
});

test('takes a list of audiences, and the client where there is no audience', async () => {
  const { get } = await guarded();
  expect((await get(issuer.token({ aud: ['elsewhere', 'other'] }))).status).toBe(200);
  expect((await get(issuer.token({ aud: undefined, client_id: 'orders' }))).status).toBe(200);
});

test('judges a token by the time of the cloud', async () => {
  const { get, clock } = await guarded();
  const token = issuer.token({ nbf: Date.UTC(2026, 0, 1, 0, 30) / 1000 });
  await clock.advance(30 * 60_000);
  expect((await get(token)).status).toBe(200);
  await clock.advance(30 * 60_000);
  expect((await get(token)).status).toBe(401);
});

test('wants one of the scopes of the route', async () => {
  const { get } = await guarded(['orders.read', 'orders.admin']);
  const granted = await get(issuer.token({ scope: 'profile orders.read' }));
  expect(((await granted.json()) as any).echo.requestContext.authorizer.jwt.scopes).toEqual(['orders.read']);
  expect((await get(issuer.token({ scp: ['orders.admin'] }))).status).toBe(200);
  const refused = await get(issuer.token({ scope: 'profile' }));
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toContain(
    'scope="orders.read orders.admin" error="insufficient_scope"',
  );
  expect(await refused.json()).toEqual({ message: 'Forbidden' });
});

test('keeps the keys of an issuer for two hours, and asks again for a key it does not know', async () => {
  const { get, clock } = await guarded();
  const forever = { exp: Date.UTC(2030, 0, 1) / 1000 };
  await get(issuer.token(forever));
  const { asked } = issuer;
  await get(issuer.token(forever));
  expect(issuer.asked).toBe(asked);
  issuer.addKey('second');
  expect((await get(issuer.token(forever, { kid: 'second' }))).status).toBe(200);
  expect(issuer.asked).toBe(asked + 2);
  await clock.advance(2 * 3_600_000);
  await get(issuer.token(forever));
  expect(issuer.asked).toBe(asked + 4);
});

test.each([
  ['that nobody answers at', 'http://127.0.0.1:1', 'BadRequestException', 'connecting'],
  ['off this machine', 'https://cognito-idp.us-east-1.amazonaws.com/pool', 'NotImplemented', 'off this machine'],
  ['that is no address', 'issuer', 'BadRequestException', 'Invalid issuer'],
])('refuses an issuer %s when the authorizer is made', async (_what, Issuer, name, message) => {
  const { call, ApiId } = await guarded();
  const made = call('CreateAuthorizer', {
    ApiId,
    Name: 'more',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer, Audience: ['orders'] },
  });
  await expect(made).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});
