import type { ApiCall, Identity } from '../api-call.ts';
import { headerOf } from '../api-request.ts';
import { bodyOf, filled, forwardedHeaders, grouped, lastOf, requestTime } from './event-parts.ts';

/** The event of payload format 1.0. Members without a value are null. */
export function eventV1(call: ApiCall, accountId: string): object {
  const { request, stage, route, at, identity } = call;
  const headers = grouped(forwardedHeaders(request, at));
  const query = grouped([...new URLSearchParams(request.query)]);
  const resource = route.RouteKey.split(' ').at(-1)!;
  const { body = null, isBase64Encoded } = bodyOf(request);
  return {
    version: '1.0',
    resource,
    path: request.path,
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: filled(lastOf(query)) ?? null,
    multiValueQueryStringParameters: filled(query) ?? null,
    requestContext: {
      accountId,
      apiId: request.apiId,
      ...(identity && { authorizer: flattened(identity) }),
      domainName: request.domainName,
      domainPrefix: request.domainName.split('.')[0],
      extendedRequestId: call.requestId,
      httpMethod: request.method,
      identity: {
        ...callerOf(identity),
        cognitoAmr: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.sourceIp,
        userAgent: headerOf(request.headers, 'user-agent') ?? '',
      },
      path: request.path,
      protocol: 'HTTP/1.1',
      requestId: call.requestId,
      requestTime: requestTime(at),
      requestTimeEpoch: at,
      resourceId: route.RouteKey,
      resourcePath: resource,
      stage: stage.StageName,
    },
    pathParameters: filled(call.pathParameters) ?? null,
    stageVariables: filled(stage.StageVariables) ?? null,
    body,
    isBase64Encoded,
  };
}

/** This format has no place for the kind of authorizer. */
function flattened(identity: Identity): object | undefined {
  if ('jwt' in identity) return { claims: identity.jwt.claims, scopes: identity.jwt.scopes };
  if ('lambda' in identity) return { ...identity.lambda, principalId: identity.principalId };
  return undefined;
}

function callerOf(identity: Identity | undefined) {
  const iam: Readonly<Record<string, unknown>> = identity && 'iam' in identity ? identity.iam : {};
  return {
    accessKey: iam.accessKey ?? null,
    accountId: iam.accountId ?? null,
    caller: iam.callerId ?? null,
    user: iam.userId ?? null,
    userArn: iam.userArn ?? null,
  };
}
