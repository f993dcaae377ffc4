import { anonymous } from '../../../iam/principals.ts';
import type { CallContext } from '../../../service.ts';
import { functionOf } from '../../apigateway/operations/integrations.ts';
import type { Authorizer, Route } from '../../apigateway/records.ts';
import { ApiFailure } from '../api-failure.ts';
import { headerOf } from '../api-request.ts';
import { iamIdentity } from '../authorizers/iam.ts';
import { permits, readDecision } from '../authorizers/lambda-decision.ts';
import type { ExecuteCore } from '../core.ts';
import { invokeFunction } from '../integrations/invoke-function.ts';
import { withinTime } from '../integrations/within-time.ts';
import { type Happening, webSocketEvent } from './event.ts';
import type { LocatedStage } from './locate.ts';

const longestMilliseconds = 29_000;

/** Lets a client connect or throws ApiFailure; what the authorizer said goes into every event of the connection. */
export async function authorizeConnection(
  core: ExecuteCore,
  { configuration }: LocatedStage,
  route: Route,
  happening: Happening,
  { principal }: CallContext,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (route.AuthorizationType === 'NONE') return undefined;
  if (route.AuthorizationType === 'AWS_IAM') {
    if (principal === anonymous) throw new ApiFailure(403, 'The request is not signed');
    const identity = iamIdentity(core.cloud, principal);
    return 'iam' in identity ? { principalId: identity.iam.userId } : undefined;
  }
  const authorizer = configuration.authorizers.find(({ AuthorizerId }) => AuthorizerId === route.AuthorizerId);
  if (!authorizer) throw new ApiFailure(500, `There is no authorizer ${route.AuthorizerId}`);
  return askFunction(core, authorizer, happening);
}

async function askFunction({ cloud }: ExecuteCore, authorizer: Authorizer, happening: Happening) {
  if (authorizer.IdentitySource.some((source) => !isPresent(source, happening))) {
    throw new ApiFailure(401, 'An identity source is missing');
  }
  const { apiId, stageName } = happening.connection;
  const api = `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}`;
  const methodArn = `${api}/${stageName}/$connect`;
  const asking = invokeFunction(cloud, {
    functionArn: functionOf(authorizer.AuthorizerUri)!,
    event: { type: 'REQUEST', methodArn, ...webSocketEvent(happening) },
    credentialsArn: authorizer.AuthorizerCredentialsArn,
    sourceArn: `${api}/authorizers/${authorizer.AuthorizerId}`,
  }).then((payload) => readDecision(payload, false));
  const decision = await withinTime(cloud.clock, longestMilliseconds, asking).catch((error) => {
    throw error instanceof ApiFailure ? new ApiFailure(500, error.message) : error;
  });
  if (!permits(cloud, decision, methodArn)) throw new ApiFailure(403, 'The authorizer denies the connection');
  return { ...decision.context, ...('principalId' in decision && { principalId: decision.principalId }) };
}

/** Identity sources of WebSocket APIs are written as `route.request.header.Auth`. */
function isPresent(source: string, { headers = [], query = '' }: Happening): boolean {
  const [, part, name = ''] = /request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (part === 'header') return Boolean(headerOf(headers, name.toLowerCase()));
  return part === 'querystring' && Boolean(new URLSearchParams(query).get(name));
}
