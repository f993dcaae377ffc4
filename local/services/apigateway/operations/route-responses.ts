import { NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { type ApiCore, autoDeploy } from '../deploy.ts';
import { badRequest, refuseUnknown } from '../errors.ts';
import { newId } from '../new-id.ts';
import { paginate } from '../paginate.ts';
import type { RouteResponse } from '../records.ts';

/** A route of a WebSocket API answers the sender only where it has a response. */
export function routeResponseOperations(core: ApiCore): Record<string, Operation> {
  const { state } = core;
  const owner = (input: any) => {
    if (state.api(input.ApiId).ProtocolType !== 'WEBSOCKET')
      throw badRequest('Route responses are only supported for WEBSOCKET Apis');
    state.routes.get(input.ApiId, input.RouteId);
    return `${input.ApiId}/${input.RouteId}`;
  };
  const known = ['ApiId', 'RouteId', 'RouteResponseId'];
  return {
    async CreateRouteResponse(input) {
      refuseUnknown('CreateRouteResponse', input, [...known, 'RouteResponseKey']);
      if (input.RouteResponseKey !== '$default') {
        throw new NotSupportedError(`the route response key ${input.RouteResponseKey} of API Gateway`);
      }
      const response: RouteResponse = { RouteResponseId: newId(), RouteResponseKey: input.RouteResponseKey };
      state.routeResponses.set(owner(input), response.RouteResponseId, response);
      autoDeploy(core, input.ApiId);
      return response;
    },
    async GetRouteResponse(input) {
      refuseUnknown('GetRouteResponse', input, known);
      return state.routeResponses.get(owner(input), input.RouteResponseId);
    },
    async GetRouteResponses(input) {
      refuseUnknown('GetRouteResponses', input, ['ApiId', 'RouteId', 'MaxResults', 'NextToken']);
      return paginate(state.routeResponses.of(owner(input)), input);
    },
    async DeleteRouteResponse(input) {
      refuseUnknown('DeleteRouteResponse', input, known);
      state.routeResponses.get(owner(input), input.RouteResponseId);
      state.routeResponses.delete(owner(input), input.RouteResponseId);
      autoDeploy(core, input.ApiId);
      return {};
    },
  };
}
