import type { RestRoute } from '../../protocols/rest-json.ts';

const paging = { maxResults: 'MaxResults', nextToken: 'NextToken' };

/** Create, list, get, update and delete of one kind of thing. */
function crud(noun: string, collection: string, id: string): RestRoute[] {
  const one = `${collection}/{${id}}`;
  return [
    { operation: `Create${noun}`, method: 'POST', path: collection, status: 201 },
    { operation: `Get${noun}s`, method: 'GET', path: collection, query: paging },
    { operation: `Get${noun}`, method: 'GET', path: one },
    { operation: `Update${noun}`, method: 'PATCH', path: one },
    { operation: `Delete${noun}`, method: 'DELETE', path: one, status: 204 },
  ];
}

const api = '/v2/apis/{ApiId}';
const stage = `${api}/stages/{StageName}`;
const tags = '/v2/tags/{ResourceArn}';

export const apiRoutes: readonly RestRoute[] = [
  ...crud('Api', '/v2/apis', 'ApiId'),
  ...crud('Route', `${api}/routes`, 'RouteId'),
  ...crud('Integration', `${api}/integrations`, 'IntegrationId'),
  ...crud('Authorizer', `${api}/authorizers`, 'AuthorizerId'),
  ...crud('Stage', `${api}/stages`, 'StageName'),
  ...crud('Deployment', `${api}/deployments`, 'DeploymentId'),
  ...crud('RouteResponse', `${api}/routes/{RouteId}/routeresponses`, 'RouteResponseId'),
  { operation: 'DeleteCorsConfiguration', method: 'DELETE', path: `${api}/cors`, status: 204 },
  { operation: 'DeleteRouteSettings', method: 'DELETE', path: `${stage}/routesettings/{RouteKey}`, status: 204 },
  { operation: 'DeleteAccessLogSettings', method: 'DELETE', path: `${stage}/accesslogsettings`, status: 204 },
  { operation: 'TagResource', method: 'POST', path: tags, status: 201 },
  { operation: 'UntagResource', method: 'DELETE', path: tags, query: { tagKeys: 'TagKeys[]' }, status: 204 },
  { operation: 'GetTags', method: 'GET', path: tags },
];
