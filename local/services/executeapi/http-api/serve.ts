import type { CallContext } from '../../../service.ts';
import type { ApiCall } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { authorize } from '../authorizers/authorize.ts';
import type { ExecuteCore } from '../core.ts';
import { integrate } from '../integrations/integrate.ts';
import { AccessLog } from './access-log.ts';
import { isPreflight, preflightAnswer, withCors } from './cors.ts';
import { findStage } from './find-stage.ts';
import { matchRoute } from './match-route.ts';
import { addIdentity, requestVariables } from './variables.ts';

/** Serves one request to an HTTP API, from its path to the answer of its integration. */
export async function serveHttpApi(core: ExecuteCore, request: ApiRequest, context: CallContext): Promise<ApiResponse> {
  const found = locate(core, request);
  if (!found) return new ApiFailure(404, 'No such API, stage or deployment').response;
  const { stage, configuration, matched } = found;
  const at = core.cloud.clock.now();
  const { requestId, principal } = context;
  const variables = requestVariables(core.cloud, { request, stage, requestId, at });
  const log = new AccessLog(core, request, stage, variables);
  const cors = configuration.api.CorsConfiguration;
  const answer = async (): Promise<ApiResponse> => {
    if (!matched) {
      if (cors && isPreflight(request)) return preflightAnswer(cors, request);
      throw new ApiFailure(404, 'No matching route');
    }
    const call: ApiCall = { request, requestId, at, principal, configuration, stage, variables, ...matched };
    variables.set('routeKey', matched.route.RouteKey);
    if (!core.throttle.admits(request.apiId, stage, matched.route)) throw new ApiFailure(429, 'Rate exceeded');
    const identity = await authorize(core, call);
    addIdentity(variables, identity);
    if (cors && isPreflight(request)) return preflightAnswer(cors, request);
    return integrate(core, { ...call, identity }, log);
  };
  const response = await answer().catch((error) => {
    if (!(error instanceof ApiFailure)) throw error;
    log.failed(error);
    return error.response;
  });
  const shown = cors && !isPreflight(request) ? withCors(cors, request, response) : response;
  log.answered(shown);
  return { ...shown, headers: [...shown.headers, ['apigw-requestid', requestId]] };
}

/** What a request leads to; undefined where there is nothing that serves it. */
export function locate({ state }: ExecuteCore, { apiId, method, path }: ApiRequest) {
  const api = state.apis.get(apiId);
  const found = api && findStage(state, apiId, path);
  const configuration = found && state.served(apiId, found.stage);
  if (!configuration || api.ProtocolType !== 'HTTP' || api.DisableExecuteApiEndpoint) return undefined;
  return { stage: found.stage, configuration, matched: matchRoute(configuration.routes, method, found.path) };
}
