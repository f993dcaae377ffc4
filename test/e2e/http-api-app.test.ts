import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { root } from '../../local/iam/principals.ts';
import { type LocalApp, startLocal } from '../../local/index.ts';
import { synthesizeHttpApiApp } from '../fixtures/http-api-app/app.ts';
import { type Issuer, startIssuer } from '../local/services/executeapi/issuer.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-api-app-'));
let app: LocalApp;
let issuer: Issuer;
let outputs: Readonly<Record<string, string>>;

beforeAll(async () => {
  // CDK's own validation of templates takes as long as the rest of synthesis.
  vi.stubEnv('CDK_VALIDATION', 'false');
  const cloudAssembly = synthesizeHttpApiApp(join(folder, 'cdk.out'));
  issuer = await startIssuer();
  app = await startLocal({ cloudAssembly, parameters: { Shop: { Issuer: issuer.url } } });
  outputs = app.stacks.Shop!.outputs as Record<string, string>;
}, 60_000);

afterAll(async () => {
  await app?.close();
  await issuer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(outputs.ApiUrl + path, { headers });

it('serves a CDK HttpApi at the addresses that its stack gives out', async () => {
  expect(outputs.ApiUrl).toBe(`${outputs.ApiEndpoint}/`);
  const response = await get('items/7');
  expect(await response.json()).toEqual({
    routeKey: 'GET /items/{id}',
    pathParameters: { id: '7' },
    self: outputs.ApiEndpoint,
  });
  expect((await get('beta/items/7')).status).toBe(200);
  expect((await get('nothing')).status).toBe(404);
});

it('lets in whoever has a token of the issuer with the scope of the route', async () => {
  expect((await get('orders')).status).toBe(401);
  const now = Math.floor(Date.now() / 1000);
  const token = (scope: string) => issuer.token({ aud: 'shop', exp: now + 600, iat: now - 10, scope });
  expect((await get('orders', { authorization: `Bearer ${token('profile')}` })).status).toBe(403);
  const response = await get('orders', { authorization: `Bearer ${token('orders.read')}` });
  expect(await response.json()).toMatchObject({ routeKey: 'GET /orders', who: 'alice' });
});

it('lets a state machine in on the routes that its role allows', async () => {
  expect((await get('signed/a')).status).toBe(403);
  const call = (operation: string, input: object) =>
    app.cloud.call('states', operation, input, root(app.cloud.accountId));
  const run = async (path: string) => {
    const input = { stateMachineArn: outputs.MachineArn, input: JSON.stringify({ path }) };
    const { executionArn } = await call('StartExecution', input);
    return vi.waitFor(
      async () => {
        const execution = await call('DescribeExecution', { executionArn });
        expect(execution.status).not.toBe('RUNNING');
        return execution;
      },
      { timeout: 20_000 },
    );
  };
  const done = await run('/signed/a');
  expect(done.status).toBe('SUCCEEDED');
  const { StatusCode, ResponseBody } = JSON.parse(done.output);
  expect(StatusCode).toBe(200);
  expect(ResponseBody).toMatchObject({ routeKey: 'ANY /signed/{proxy+}', pathParameters: { proxy: 'a' } });
  expect(ResponseBody.who).toContain(':assumed-role/');
  expect(await run('/orders')).toMatchObject({ status: 'FAILED', error: 'ApiGateway.401' });
}, 30_000);
