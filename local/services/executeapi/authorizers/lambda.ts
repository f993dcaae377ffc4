import { functionOf } from '../../apigateway/operations/integrations.ts';
import type { Authorizer } from '../../apigateway/records.ts';
import type { ApiCall, Identity } from '../api-call.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import { eventV1 } from '../http-api/event-v1.ts';
import { eventV2 } from '../http-api/event-v2.ts';
import { select } from '../http-api/select.ts';
import { calledArn } from '../http-api/source-arn.ts';
import { invokeFunction } from '../integrations/invoke-function.ts';
import { withinTime } from '../integrations/within-time.ts';
import { type Decision, permits, readDecision } from './lambda-decision.ts';

const longestMilliseconds = 30_000;

/** Asks the authorizer's function, unless it has decided on the same identity before. */
export async function authorizeByFunction(core: ExecuteCore, call: ApiCall, authorizer: Authorizer): Promise<Identity> {
  const { cloud, authorizations } = core;
  const sources = authorizer.IdentitySource.map((source) => select(source, call));
  if (sources.includes(undefined)) throw new ApiFailure(401, 'An identity source is missing');
  const { AuthorizerId, AuthorizerResultTtlInSeconds = 0 } = authorizer;
  const key = JSON.stringify([call.request.apiId, call.stage.StageName, AuthorizerId, ...sources]);
  let decision = authorizations.find(key) as Decision | undefined;
  if (!decision) {
    decision = await ask(core, call, authorizer, sources as string[]);
    authorizations.keep(key, decision, AuthorizerResultTtlInSeconds);
  }
  if (!permits(cloud, decision, calledArn(cloud, call.request, call.stage))) {
    throw new ApiFailure(403, 'The authorizer denies the call');
  }
  return { lambda: decision.context, ...('principalId' in decision && { principalId: decision.principalId }) };
}

async function ask(core: ExecuteCore, call: ApiCall, authorizer: Authorizer, sources: string[]): Promise<Decision> {
  const { cloud } = core;
  const { apiId } = call.request;
  const asking = invokeFunction(cloud, {
    functionArn: functionOf(authorizer.AuthorizerUri)!,
    event: authorizerEvent(core, call, authorizer, sources),
    credentialsArn: authorizer.AuthorizerCredentialsArn,
    sourceArn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}/authorizers/${authorizer.AuthorizerId}`,
  });
  try {
    const payload = await withinTime(cloud.clock, longestMilliseconds, asking);
    return readDecision(payload, authorizer.EnableSimpleResponses === true);
  } catch (error) {
    // Whatever goes wrong behind an authorizer is a 500 to the caller.
    if (error instanceof ApiFailure) throw new ApiFailure(500, error.message);
    throw error;
  }
}

function authorizerEvent({ cloud }: ExecuteCore, call: ApiCall, authorizer: Authorizer, sources: string[]): object {
  const arn = calledArn(cloud, call.request, call.stage);
  if (authorizer.AuthorizerPayloadFormatVersion === '2.0') {
    const { body: _, isBase64Encoded: __, ...event } = eventV2(call, cloud.accountId) as Record<string, unknown>;
    return { ...event, type: 'REQUEST', routeArn: arn, identitySource: sources.length > 0 ? sources : null };
  }
  const {
    body: _,
    isBase64Encoded: __,
    multiValueHeaders: ___,
    multiValueQueryStringParameters: ____,
    ...event
  } = eventV1(call, cloud.accountId) as Record<string, unknown>;
  const identity = sources.join(',');
  return { ...event, type: 'REQUEST', methodArn: arn, identitySource: identity, authorizationToken: identity };
}
