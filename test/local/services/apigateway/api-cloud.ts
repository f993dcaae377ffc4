import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../../../../local/aws-error.ts';
import { type ManualClock, manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud, type LocalCloudOptions } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import { createApigateway } from '../../../../local/services/apigateway/index.ts';
import { createExecuteApi } from '../../../../local/services/executeapi/index.ts';
import { createLogs } from '../../../../local/services/logs/index.ts';
import { type RecordedCall, recorder } from '../events/cloud.ts';

export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** What a function that a test plays returns: its payload, or an error that it throws. */
export type Handler = (event: any, name: string) => unknown;

export interface ApiCloudOptions extends Partial<LocalCloudOptions> {
  /** Plays every function. Default: answers with its event. A string is the payload as it is. */
  readonly handler?: Handler;
  readonly clock?: ManualClock;
  readonly more?: readonly ServiceFactory[];
}

/** A cloud with API Gateway and functions that the test plays itself. */
export async function startApis({
  handler = (event) => ({ echo: event }),
  more = [],
  ...options
}: ApiCloudOptions = {}) {
  const calls: RecordedCall[] = [];
  const clock = options.clock ?? manualClock();
  const invoke = async ({ FunctionName, Payload }: any) => {
    try {
      const result = await handler(JSON.parse(Payload.toString()), FunctionName.split(':')[6]);
      const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
      return { StatusCode: 200, Payload: Buffer.from(text) };
    } catch (error) {
      if (error instanceof AwsError) throw error;
      const Payload = Buffer.from(JSON.stringify({ errorMessage: (error as Error).message }));
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload };
    }
  };
  const cloud = await LocalCloud.start({
    services: [createApigateway, createExecuteApi, createLogs, recorder(calls, 'lambda', ['Invoke'], invoke), ...more],
    ...options,
    clock,
  });
  const client = new ApiGatewayV2Client({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const asRoot = (service: string, operation: string, input: object = {}) =>
    cloud.call(service, operation, input, root(cloud.accountId));
  const call = (operation: string, input: object = {}) => asRoot('apigateway', operation, input);
  return {
    cloud,
    clock,
    calls,
    client,
    call,
    asRoot,
    /** An HTTP API with a function behind each route, in a stage `$default` that deploys by itself. */
    async httpApi(
      routes: Readonly<Record<string, object>> = { $default: {} },
      { api = {}, stage = {}, integration = {} } = {},
    ) {
      const { ApiId, ApiEndpoint } = await call('CreateApi', { Name: 'orders', ProtocolType: 'HTTP', ...api });
      const { IntegrationId } = await call('CreateIntegration', {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionArn('work'),
        PayloadFormatVersion: '2.0',
        ...integration,
      });
      for (const [RouteKey, settings] of Object.entries(routes)) {
        await call('CreateRoute', { ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...settings });
      }
      await call('CreateStage', { ApiId, StageName: '$default', AutoDeploy: true, ...stage });
      return { ApiId: ApiId as string, url: ApiEndpoint as string, IntegrationId: IntegrationId as string };
    },
    async stop() {
      client.destroy();
      await cloud.close();
    },
  };
}

export type ApiCloud = Awaited<ReturnType<typeof startApis>>;

/** Starts clouds and stops them after each test. */
export function apiClouds() {
  const running: ApiCloud[] = [];
  return {
    async start(options?: ApiCloudOptions): Promise<ApiCloud> {
      const cloud = await startApis(options);
      running.push(cloud);
      return cloud;
    },
    async stopAll() {
      for (const cloud of running.splice(0).reverse()) await cloud.stop();
    },
  };
}
