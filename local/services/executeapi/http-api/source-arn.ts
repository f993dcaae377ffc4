import type { Cloud } from '../../../service.ts';
import type { Route, Stage } from '../../apigateway/records.ts';
import type { ApiRequest } from '../api-request.ts';

/** What a call of a route is to policies: `arn:aws:execute-api:<region>:<account>:<ApiId>/<stage>/<method>/<path>`. */
export function sourceArn(cloud: Cloud, apiId: string, stage: Stage, route: Route, method: string): string {
  const [, path] = route.RouteKey.split(' ');
  const rest = path === undefined ? route.RouteKey : `${method}${path}`;
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}/${stage.StageName}/${rest}`;
}

/** The same with the path as it was called, which is what callers are allowed. */
export function calledArn(cloud: Cloud, request: ApiRequest, stage: Stage): string {
  const called = `${request.apiId}/${stage.StageName}/${request.method}${pathWithin(request, stage)}`;
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${called}`;
}

/** The path of a request without the name of its stage. */
export function pathWithin({ path }: ApiRequest, { StageName }: Stage): string {
  return StageName === '$default' ? path : path.slice(StageName.length + 1) || '/';
}
