import { functionOf } from '../../apigateway/operations/integrations.ts';
import type { Integration } from '../../apigateway/records.ts';
import type { ApiCall } from '../api-call.ts';
import type { ApiResponse } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import { eventV1 } from '../http-api/event-v1.ts';
import { eventV2 } from '../http-api/event-v2.ts';
import { lambdaResponse } from '../http-api/lambda-response.ts';
import { sourceArn } from '../http-api/source-arn.ts';
import { invokeFunction } from './invoke-function.ts';

/** Has a function answer a call. */
export async function callFunction(
  { cloud }: ExecuteCore,
  call: ApiCall,
  integration: Integration,
): Promise<ApiResponse> {
  const { request, stage, route } = call;
  const format = integration.PayloadFormatVersion;
  const payload = await invokeFunction(cloud, {
    functionArn: functionOf(integration.IntegrationUri)!,
    event: (format === '2.0' ? eventV2 : eventV1)(call, cloud.accountId),
    credentialsArn: integration.CredentialsArn,
    sourceArn: sourceArn(cloud, request.apiId, stage, route, request.method),
  });
  return lambdaResponse(payload, format);
}
