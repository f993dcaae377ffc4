import type { Cloud, Permission } from '../../service.ts';
import { apiRoutes } from './routes.ts';

const routeOf = new Map(apiRoutes.map((route) => [route.operation, route]));

/** Whoever manages APIs is allowed methods on paths: `apigateway:PATCH` on `arn:aws:apigateway:us-east-1::/apis/<ApiId>`. */
export function apiPermissions({ region }: Cloud) {
  return (operation: string, input: any): readonly Permission[] => {
    const route = routeOf.get(operation);
    if (!route) return [{ action: `apigateway:${operation}`, resource: '*' }];
    const path = route.path
      .replace(/^\/v2/, '')
      // What is tagged is named in the path of the tags in a form that no path has.
      .replace(/\{(\w+)\}/g, (_, member) =>
        member === 'ResourceArn' ? encodeURIComponent(input[member]) : input[member],
      );
    return [{ action: `apigateway:${route.method}`, resource: `arn:aws:apigateway:${region}::${path}` }];
  };
}
