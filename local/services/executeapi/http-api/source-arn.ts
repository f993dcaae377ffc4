import type { Cloud } from '../../../service.ts';
import type { Route, Stage } from '../../apigateway/records.ts';

/** What a call of a route is to policies: `arn:aws:execute-api:<region>:<account>:<ApiId>/<stage>/<method>/<path>`. */
export function sourceArn(cloud: Cloud, apiId: string, stage: Stage, route: Route, method: string): string {
  const [, path] = route.RouteKey.split(' ');
  const rest = path === undefined ? route.RouteKey : `${method}${path}`;
  return `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}/${stage.StageName}/${rest}`;
}
