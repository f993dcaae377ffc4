import type { ApiCall } from '../api-call.ts';
import { type Header, headerOf } from '../api-request.ts';
import { bodyOf, filled, forwardedHeaders, requestTime } from './event-parts.ts';
import { decoded } from './match-route.ts';

/** The event of payload format 2.0. Members without a value are absent. */
export function eventV2(call: ApiCall, accountId: string): object {
  const { request, stage, route, at } = call;
  const path = decoded(request.path);
  return {
    version: '2.0',
    routeKey: route.RouteKey,
    rawPath: path,
    rawQueryString: request.query,
    cookies: cookiesOf(request.headers),
    headers: joinedHeaders(forwardedHeaders(request, at)),
    queryStringParameters: filled(joinedQuery(request.query)),
    requestContext: {
      accountId,
      apiId: request.apiId,
      authorizer: authorizerOf(call),
      domainName: request.domainName,
      domainPrefix: request.domainName.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headerOf(request.headers, 'user-agent') ?? '',
      },
      requestId: call.requestId,
      routeKey: route.RouteKey,
      stage: stage.StageName,
      time: requestTime(at),
      timeEpoch: at,
    },
    pathParameters: filled(call.pathParameters),
    stageVariables: filled(stage.StageVariables),
    ...bodyOf(request),
  };
}

function authorizerOf({ identity }: ApiCall): object | undefined {
  if (!identity) return undefined;
  return 'lambda' in identity ? { lambda: identity.lambda } : identity;
}

/** Cookies have a member of their own. */
function joinedHeaders(headers: readonly Header[]): Record<string, string> {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  names.delete('cookie');
  return Object.fromEntries([...names].sort().map((name) => [name, headerOf(headers, name)!]));
}

export function cookiesOf(headers: readonly Header[]): string[] | undefined {
  const cookies = headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .filter((cookie) => cookie !== '');
  return cookies.length > 0 ? cookies : undefined;
}

export function joinedQuery(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}
