import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
const servers: (() => void)[] = [];
afterAll(async () => {
  await apps.close();
  for (const stop of servers) stop();
});

const ref = (Ref: string) => ({ Ref });
const api = (Properties: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: { Name: 'orders', ProtocolType: 'HTTP', ...Properties },
});
const part = (kind: string, Properties: object = {}) => ({
  Type: `AWS::ApiGatewayV2::${kind}`,
  Properties: { ApiId: ref('Api'), ...Properties },
});
const target = (id: string) => ({ 'Fn::Join': ['/', ['integrations', ref(id)]] });

/** Somewhere for HTTP integrations to lead. */
async function upstream(): Promise<string> {
  const server = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const resources = (uri: string, more: Record<string, object> = {}) => ({
  Api: api(),
  Work: part('Integration', { IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'ANY', IntegrationUri: uri }),
  Stage: part('Stage', { StageName: '$default', AutoDeploy: true }),
  Orders: part('Route', { RouteKey: 'GET /orders', Target: target('Work') }),
  ...more,
});

it('provisions an API, follows its template in place, and takes it away', async () => {
  const dataFolder = join(apps.folder, 'api');
  const uri = await upstream();
  const first = await apps.start({ S: { Resources: resources(uri) } }, { dataFolder });
  const { ref: ApiId, attributes } = first.stacks.S!.resources.Api!;
  expect(attributes).toEqual({ ApiId, ApiEndpoint: `${first.endpoint}/_apis/${ApiId}` });
  const at = (path: string) => fetch(attributes.ApiEndpoint + path);
  expect(await (await at('/orders')).text()).toBe('GET /');
  await apps.stop(first);

  const changed = resources(uri, {
    Api: api({ Description: 'of orders', CorsConfiguration: { AllowOrigins: ['*'] } }),
    Orders: part('Route', { RouteKey: 'GET /orders/{id}', Target: target('Work') }),
  });
  const second = await apps.start({ S: { Resources: changed } }, { dataFolder });
  expect(second.stacks.S!.resources.Api!.ref).toBe(ApiId);
  expect((await at('/orders')).status).toBe(404);
  expect((await at('/orders/1')).status).toBe(200);
  expect(await call(second, 'apigateway', 'GetApi', { ApiId })).toMatchObject({ Description: 'of orders' });
  await apps.stop(second);

  const third = await apps.start({ S: { Resources: resources(uri) } }, { dataFolder });
  const back = await call(third, 'apigateway', 'GetApi', { ApiId });
  expect(back.Description).toBeUndefined();
  expect(back.CorsConfiguration).toBeUndefined();
  await apps.stop(third);

  const fourth = await apps.start({ S: { Resources: { Other: { Type: 'AWS::SQS::Queue' } } } }, { dataFolder });
  expect((await call(fourth, 'apigateway', 'GetApis')).Items).toEqual([]);
  await apps.stop(fourth);
});

it('gives the address that a template spells out as it is reached here', async () => {
  const host = { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/' };
  const elsewhere = { 'Fn::Sub': 'https://${Api}.execute-api.eu-west-9.${AWS::URLSuffix}/' };
  const spelled = {
    'Fn::Join': ['', ['https://', ref('Api'), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix'), '/v1']],
  };
  const outputs = { Host: { Value: host }, Elsewhere: { Value: elsewhere }, Spelled: { Value: spelled } };
  const app = await apps.start({ S: { Resources: resources(await upstream()), Outputs: outputs } });
  const { ApiEndpoint } = app.stacks.S!.resources.Api!.attributes;
  expect(app.stacks.S!.outputs).toEqual({
    Host: `${ApiEndpoint}/`,
    Elsewhere: `https://${app.stacks.S!.resources.Api!.ref}.execute-api.eu-west-9.amazonaws.com/`,
    Spelled: `${ApiEndpoint}/v1`,
  });
  await apps.stop(app);
});

it('deploys what a template deploys, and nothing that came later', async () => {
  const dataFolder = join(apps.folder, 'deployment');
  const deployed = {
    ...resources(await upstream()),
    Deployment: { ...part('Deployment'), DependsOn: ['Orders'] },
    Stage: part('Stage', { StageName: 'v1', DeploymentId: ref('Deployment') }),
  };
  const first = await apps.start({ S: { Resources: deployed } }, { dataFolder });
  const { ApiEndpoint } = first.stacks.S!.resources.Api!.attributes;
  expect((await fetch(`${ApiEndpoint}/v1/orders`)).status).toBe(200);
  expect((await fetch(`${ApiEndpoint}/orders`)).status).toBe(404);
  await apps.stop(first);
  const later = { ...deployed, More: part('Route', { RouteKey: 'GET /more', Target: target('Work') }) };
  const second = await apps.start({ S: { Resources: later } }, { dataFolder });
  expect((await fetch(`${ApiEndpoint}/v1/more`)).status).toBe(404);
  await apps.stop(second);
});

it.each([
  ['a body in OpenAPI', { Api: api({ Body: {} }) }, 'Body'],
  ['a VPC link', resources('http://127.0.0.1:1', { Work: part('Integration', { ConnectionId: 'x' }) }), 'ConnectionId'],
])('refuses %s by its name', async (_what, Resources, named) => {
  await expect(apps.start({ S: { Resources } })).rejects.toThrow(named);
});
