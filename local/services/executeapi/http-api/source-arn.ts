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
export function calledArn(cloud: Cloud, { apiId, method, path }: ApiRequest, { StageName }: Stage): string {
  const within = StageName === '$default' ? path : path.slice(StageName.length + 1);
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}/${StageName}/${method}${within}`;
}
