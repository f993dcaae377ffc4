import type { ApiCore } from '../deploy.ts';
import { badRequest, conflict, notFound } from '../errors.ts';
import type { Kind, Place } from '../kinds.ts';
import { newId } from '../new-id.ts';
import type { Route } from '../records.ts';
import type { ApiState } from '../state.ts';
import { checkHttpRouteKey } from '../valid-route-key.ts';

export const routeKind = ({ state }: ApiCore): Kind<Route> => ({
  noun: 'Route',
  id: 'RouteId',
  members: [
    'RouteKey',
    'AuthorizationType',
    'AuthorizationScopes',
    'AuthorizerId',
    'ApiKeyRequired',
    'OperationName',
    'Target',
    'RouteResponseSelectionExpression',
  ],
  parts: state.routes,
  make(wanted, place) {
    const route = { AuthorizationType: 'NONE', ApiKeyRequired: false, ...wanted };
    checkRoute(route, place, state);
    return { ...route, RouteId: place.previous?.RouteId ?? newId() };
  },
});

function checkRoute(route: Route, { api, previous }: Place<Route>, state: ApiState): void {
  const http = api.ProtocolType === 'HTTP';
  if (http) checkHttpRouteKey(route.RouteKey);
  else if (!route.RouteKey) throw badRequest('RouteKey is required');
  const same = state.routes.of(api.ApiId).find(({ RouteKey }) => RouteKey === route.RouteKey);
  if (same && same.RouteId !== previous?.RouteId) {
    throw conflict(`Route with key ${route.RouteKey} already exists for this API`);
  }
  if (route.ApiKeyRequired) throw badRequest('API keys are not supported by this API');
  if (http && route.RouteResponseSelectionExpression) {
    throw badRequest('RouteResponseSelectionExpression is only supported for WEBSOCKET Apis');
  }
  if (route.Target !== undefined) {
    const [, id] = /^integrations\/([^/]+)$/.exec(route.Target) ?? [];
    if (!id) throw badRequest(`Invalid target "${route.Target}": it must be integrations/<IntegrationId>`);
    if (!state.integrations.find(api.ApiId, id)) throw notFound('Integration', id);
  }
  checkAuthorization(route, http, state.authorizers.find(api.ApiId, route.AuthorizerId)?.AuthorizerType);
}

function checkAuthorization(route: Route, http: boolean, authorizer: 'JWT' | 'REQUEST' | undefined): void {
  const { AuthorizationType: type, AuthorizerId, AuthorizationScopes = [], RouteKey } = route;
  const allowed = http ? ['NONE', 'AWS_IAM', 'CUSTOM', 'JWT'] : ['NONE', 'AWS_IAM', 'CUSTOM'];
  if (!allowed.includes(type)) throw badRequest(`Invalid authorization type ${type}: it must be one of ${allowed}`);
  if (!http && type !== 'NONE' && RouteKey !== '$connect') {
    throw badRequest('Currently, authorization is restricted to the $connect route only');
  }
  if (type === 'JWT' || type === 'CUSTOM') {
    if (!AuthorizerId) throw badRequest(`AuthorizerId is required for authorization type ${type}`);
    if (!authorizer) throw notFound('Authorizer', AuthorizerId);
    if ((type === 'JWT') !== (authorizer === 'JWT')) {
      throw badRequest(`Authorization type ${type} does not go with an authorizer of type ${authorizer}`);
    }
  } else if (AuthorizerId) {
    throw badRequest(`AuthorizerId does not go with authorization type ${type}`);
  }
  if (AuthorizationScopes.length > 0 && type !== 'JWT') {
    throw badRequest('Authorization scopes are only supported with authorization type JWT');
  }
}
