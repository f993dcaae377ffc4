import { NotSupportedError } from '../../../aws-error.ts';
import { functionOf } from '../../apigateway/operations/integrations.ts';
import type { Integration } from '../../apigateway/records.ts';
import type { ApiCall } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ApiResponse } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import type { AccessLog } from '../http-api/access-log.ts';
import { eventV1 } from '../http-api/event-v1.ts';
import { eventV2 } from '../http-api/event-v2.ts';
import { lambdaResponse } from '../http-api/lambda-response.ts';
import { sourceArn } from '../http-api/source-arn.ts';
import { invokeFunction } from './invoke-function.ts';
import { withinTime } from './within-time.ts';

/** Has the integration of a call's route answer it. */
export async function integrate(core: ExecuteCore, call: ApiCall, log: AccessLog): Promise<ApiResponse> {
  const { route, configuration } = call;
  const integration = configuration.integrations.find((one) => route.Target === `integrations/${one.IntegrationId}`);
  if (!integration) throw new ApiFailure(500, `No integration for route ${route.RouteKey}`);
  log.integrating();
  const response = await withinTime(core.cloud.clock, integration.TimeoutInMillis, ask(core, call, integration));
  log.integrated(response);
  return response;
}

async function ask(core: ExecuteCore, call: ApiCall, integration: Integration): Promise<ApiResponse> {
  const functionArn = functionOf(integration.IntegrationUri);
  if (integration.IntegrationType !== 'AWS_PROXY' || !functionArn) {
    throw new NotSupportedError(`integrations of type ${integration.IntegrationType}`);
  }
  const { cloud } = core;
  const { request, stage, route } = call;
  const event = integration.PayloadFormatVersion === '2.0' ? eventV2 : eventV1;
  const payload = await invokeFunction(cloud, {
    functionArn,
    event: event(call, cloud.accountId),
    credentialsArn: integration.CredentialsArn,
    sourceArn: sourceArn(cloud, request.apiId, stage, route, request.method),
  });
  return lambdaResponse(payload, integration.PayloadFormatVersion);
}
