import * as sdk from '@aws-sdk/client-apigatewayv2';
import { afterEach, expect, test } from 'vitest';
import { createIam } from '../../../../local/services/iam/index.ts';
import { apiClouds, functionArn } from './api-cloud.ts';

const clouds = apiClouds();
afterEach(() => clouds.stopAll());

async function started() {
  const cloud = await clouds.start();
  const send = (command: any): Promise<any> => cloud.client.send(command);
  const { ApiId } = await send(new sdk.CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP', Tags: { Team: 'a' } }));
  return { ...cloud, send, ApiId: ApiId as string };
}

test('keeps an API as it was made, changes it, and gives it back', async () => {
  const { send, ApiId, cloud } = await started();
  const api = {
    ApiId,
    Name: 'orders',
    ProtocolType: 'HTTP',
    ApiEndpoint: `${cloud.endpoint}/_apis/${ApiId}`,
    RouteSelectionExpression: '$request.method $request.path',
    DisableExecuteApiEndpoint: false,
    Tags: { Team: 'a' },
    CreatedDate: new Date('2026-01-01T00:00:00Z'),
  };
  expect(await send(new sdk.GetApiCommand({ ApiId }))).toMatchObject(api);
  const CorsConfiguration = { AllowOrigins: ['*'], MaxAge: 60 };
  expect(await send(new sdk.UpdateApiCommand({ ApiId, CorsConfiguration }))).toMatchObject({
    ...api,
    CorsConfiguration,
  });
  await send(new sdk.DeleteCorsConfigurationCommand({ ApiId }));
  expect((await send(new sdk.GetApisCommand({}))).Items).toEqual([expect.not.objectContaining({ CorsConfiguration })]);
  await send(new sdk.DeleteApiCommand({ ApiId }));
  await expect(send(new sdk.GetApiCommand({ ApiId }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: `Invalid API identifier specified ${ApiId}`,
    ResourceType: 'API',
    $metadata: { httpStatusCode: 404 },
  });
});

test('keeps routes, integrations, authorizers and stages of an API', async () => {
  const { send, ApiId } = await started();
  const { IntegrationId } = await send(
    new sdk.CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn('work'),
      PayloadFormatVersion: '2.0',
      RequestParameters: { 'append:header.UserKey': '1' },
    }),
  );
  expect(await send(new sdk.GetIntegrationCommand({ ApiId, IntegrationId }))).toMatchObject({
    ConnectionType: 'INTERNET',
    TimeoutInMillis: 30_000,
    RequestParameters: { 'append:header.UserKey': '1' },
  });
  const { RouteId } = await send(
    new sdk.CreateRouteCommand({ ApiId, RouteKey: 'GET /a', Target: `integrations/${IntegrationId}` }),
  );
  await send(new sdk.UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'GET /b', OperationName: 'getB' }));
  expect((await send(new sdk.GetRoutesCommand({ ApiId }))).Items).toEqual([
    {
      RouteId,
      RouteKey: 'GET /b',
      OperationName: 'getB',
      AuthorizationType: 'NONE',
      ApiKeyRequired: false,
      Target: `integrations/${IntegrationId}`,
    },
  ]);
  const stage = await send(
    new sdk.CreateStageCommand({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      StageVariables: { Table: 'x' },
      RouteSettings: { 'GET /b': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 } },
    }),
  );
  expect(stage).toMatchObject({
    StageVariables: { Table: 'x' },
    RouteSettings: { 'GET /b': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 } },
    DeploymentId: expect.any(String),
  });
  await send(new sdk.DeleteRouteSettingsCommand({ ApiId, StageName: '$default', RouteKey: 'GET /b' }));
  expect((await send(new sdk.GetStageCommand({ ApiId, StageName: '$default' }))).RouteSettings).toEqual({});
  await expect(send(new sdk.DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  await send(new sdk.DeleteRouteCommand({ ApiId, RouteId }));
  await send(new sdk.DeleteIntegrationCommand({ ApiId, IntegrationId }));
  expect((await send(new sdk.GetIntegrationsCommand({ ApiId }))).Items).toEqual([]);
});

test('makes a whole API out of a target', async () => {
  const { send, calls } = await started();
  const { ApiId, ApiEndpoint } = await send(
    new sdk.CreateApiCommand({ Name: 'quick', ProtocolType: 'HTTP', Target: functionArn('work') }),
  );
  expect((await fetch(`${ApiEndpoint}/anything`)).status).toBe(200);
  expect(JSON.parse(calls[0]!.input.Payload)).toMatchObject({ version: '2.0', routeKey: '$default' });
  expect((await send(new sdk.GetRoutesCommand({ ApiId }))).Items).toMatchObject([{ ApiGatewayManaged: true }]);
  const broken = new sdk.CreateApiCommand({ Name: 'broken', ProtocolType: 'HTTP', Target: 'arn:aws:sqs:::q' });
  await expect(send(broken)).rejects.toMatchObject({ name: 'BadRequestException' });
  expect((await send(new sdk.GetApisCommand({}))).Items).toHaveLength(2);
});

test('lists page by page', async () => {
  const { send, ApiId } = await started();
  for (const path of ['a', 'b', 'c']) await send(new sdk.CreateRouteCommand({ ApiId, RouteKey: `GET /${path}` }));
  const first = await send(new sdk.GetRoutesCommand({ ApiId, MaxResults: '2' }));
  const second = await send(new sdk.GetRoutesCommand({ ApiId, MaxResults: '2', NextToken: first.NextToken }));
  expect([first.Items.length, second.Items.length, second.NextToken]).toEqual([2, 1, undefined]);
});

test('tags APIs and stages', async () => {
  const { send, ApiId } = await started();
  const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
  await send(new sdk.TagResourceCommand({ ResourceArn, Tags: { Stage: 'x' } }));
  await send(new sdk.UntagResourceCommand({ ResourceArn, TagKeys: ['Team'] }));
  expect((await send(new sdk.GetTagsCommand({ ResourceArn }))).Tags).toEqual({ Stage: 'x' });
});

test('deploys what is there, and keeps deployments that are served', async () => {
  const { send, ApiId } = await started();
  await expect(send(new sdk.CreateDeploymentCommand({ ApiId }))).rejects.toMatchObject({
    message: 'At least one route is required before deploying the Api.',
  });
  await send(new sdk.CreateRouteCommand({ ApiId, RouteKey: 'GET /a' }));
  await send(new sdk.CreateStageCommand({ ApiId, StageName: 'v1' }));
  const { DeploymentId } = await send(new sdk.CreateDeploymentCommand({ ApiId, StageName: 'v1', Description: 'one' }));
  expect(await send(new sdk.GetDeploymentCommand({ ApiId, DeploymentId }))).toMatchObject({
    AutoDeployed: false,
    DeploymentStatus: 'DEPLOYED',
    Description: 'one',
  });
  const remove = () => send(new sdk.DeleteDeploymentCommand({ ApiId, DeploymentId }));
  await expect(remove()).rejects.toMatchObject({ name: 'BadRequestException' });
  await send(new sdk.DeleteStageCommand({ ApiId, StageName: 'v1' }));
  await remove();
  expect((await send(new sdk.GetDeploymentsCommand({ ApiId }))).Items).toEqual([]);
});

const lambda = { IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn('work') } as const;

test.each([
  [
    'a route key that is none',
    new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'GET orders' }),
    'BadRequestException',
  ],
  ['a method that is none', new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'FETCH /a' }), 'BadRequestException'],
  [
    'a greedy variable in the middle',
    new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'GET /{a+}/b' }),
    'BadRequestException',
  ],
  [
    'a route to nowhere',
    new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'GET /a', Target: 'integrations/x' }),
    'NotFoundException',
  ],
  [
    'a token without an authorizer',
    new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'GET /a', AuthorizationType: 'JWT' }),
    'BadRequestException',
  ],
  [
    'API keys',
    new sdk.CreateRouteCommand({ ApiId: '', RouteKey: 'GET /a', ApiKeyRequired: true }),
    'BadRequestException',
  ],
  [
    'a function without a payload format',
    new sdk.CreateIntegrationCommand({ ApiId: '', ...lambda }),
    'BadRequestException',
  ],
  [
    'a time limit of a minute',
    new sdk.CreateIntegrationCommand({ ApiId: '', ...lambda, PayloadFormatVersion: '2.0', TimeoutInMillis: 60_000 }),
    'BadRequestException',
  ],
  [
    'a VPC link',
    new sdk.CreateIntegrationCommand({ ApiId: '', ...lambda, PayloadFormatVersion: '2.0', ConnectionType: 'VPC_LINK' }),
    'NotImplemented',
  ],
  ['a mock', new sdk.CreateIntegrationCommand({ ApiId: '', IntegrationType: 'MOCK' }), 'BadRequestException'],
  ['a stage with an odd name', new sdk.CreateStageCommand({ ApiId: '', StageName: 'a b' }), 'BadRequestException'],
  [
    'settings of a route that is not there',
    new sdk.CreateStageCommand({ ApiId: '', StageName: 'a', RouteSettings: { 'GET /none': {} } }),
    'NotFoundException',
  ],
  [
    'a stage variable of two words',
    new sdk.CreateStageCommand({ ApiId: '', StageName: 'a', StageVariables: { 'a b': 'x' } }),
    'BadRequestException',
  ],
  ['a very long name', new sdk.UpdateApiCommand({ ApiId: '', Name: 'x'.repeat(129) }), 'BadRequestException'],
  [
    'credentials that are no role',
    new sdk.CreateIntegrationCommand({ ApiId: '', ...lambda, PayloadFormatVersion: '2.0', CredentialsArn: 'me' }),
    'BadRequestException',
  ],
  [
    'a deployment that is not there',
    new sdk.CreateStageCommand({ ApiId: '', StageName: 'a', DeploymentId: 'x' }),
    'NotFoundException',
  ],
  [
    'access logs without a request id',
    new sdk.CreateStageCommand({
      ApiId: '',
      StageName: 'a',
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:x',
        Format: '$context.status',
      },
    }),
    'BadRequestException',
  ],
  [
    'a client certificate',
    new sdk.CreateStageCommand({ ApiId: '', StageName: 'a', ClientCertificateId: 'x' }),
    'NotImplemented',
  ],
  [
    'credentials for every origin',
    new sdk.UpdateApiCommand({ ApiId: '', CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } }),
    'BadRequestException',
  ],
  ['an operation that is not there', new sdk.GetVpcLinksCommand({}), 'NotImplemented'],
])('refuses %s', async (_what, command: any, name) => {
  const { send, ApiId } = await started();
  if ('ApiId' in command.input) command.input.ApiId = ApiId;
  await expect(send(command)).rejects.toMatchObject({ name });
});

test('refuses a second route of the same key', async () => {
  const { send, ApiId } = await started();
  await send(new sdk.CreateRouteCommand({ ApiId, RouteKey: 'GET /a' }));
  await expect(send(new sdk.CreateRouteCommand({ ApiId, RouteKey: 'GET /a' }))).rejects.toMatchObject({
    name: 'ConflictException',
    $metadata: { httpStatusCode: 409 },
  });
});

test('asks for methods on paths as permissions', async () => {
  const { cloud, asRoot } = await clouds.start({ more: [createIam] });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const statement = { Effect: 'Allow', Action: 'apigateway:GET', Resource: 'arn:aws:apigateway:us-east-1::/apis/*' };
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  await asRoot('iam', 'CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: document(trust) });
  const policy = { RoleName: 'reader', PolicyName: 'read', PolicyDocument: document(statement) };
  await asRoot('iam', 'PutRolePolicy', policy);
  const reader = cloud.assume('arn:aws:iam::000000000000:role/reader', 's');
  await expect(cloud.call('apigateway', 'GetRoutes', { ApiId: 'abc' }, reader)).rejects.toMatchObject({
    code: 'NotFoundException',
  });
  await expect(cloud.call('apigateway', 'DeleteApi', { ApiId: 'abc' }, reader)).rejects.toMatchObject({
    message: expect.stringContaining('apigateway:DELETE on resource: arn:aws:apigateway:us-east-1::/apis/abc'),
  });
});
