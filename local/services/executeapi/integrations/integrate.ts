import type { Integration } from '../../apigateway/records.ts';
import type { ApiCall } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ApiResponse } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import type { AccessLog } from '../http-api/access-log.ts';
import { mapRequest, mapResponse } from '../http-api/map-parameters.ts';
import { callFunction } from './function.ts';
import { proxyHttp } from './http-proxy.ts';
import { callService } from './service.ts';
import { outOfSight, withinTime } from './within-time.ts';

/** Has the integration of a call's route answer it. */
export async function integrate(core: ExecuteCore, call: ApiCall, log: AccessLog): Promise<ApiResponse> {
  const { route, configuration } = call;
  const integration = configuration.integrations.find((one) => route.Target === `integrations/${one.IntegrationId}`);
  if (!integration) throw new ApiFailure(500, `No integration for route ${route.RouteKey}`);
  log.integrating();
  const response = await withinTime(core.cloud.clock, integration.TimeoutInMillis, ask(core, call, integration));
  log.integrated(response);
  return mapResponse(call, integration, response);
}

function ask(core: ExecuteCore, call: ApiCall, integration: Integration): Promise<ApiResponse> {
  if (integration.IntegrationSubtype) return callService(core, call, integration);
  const { request, path } = mapRequest(call, integration);
  if (integration.IntegrationType === 'HTTP_PROXY') {
    const proxied = proxyHttp({ ...call, request, path }, integration);
    return outOfSight(core.cloud.clock, integration.TimeoutInMillis, proxied);
  }
  return callFunction(core, { ...call, request: path === undefined ? request : { ...request, path } }, integration);
}
