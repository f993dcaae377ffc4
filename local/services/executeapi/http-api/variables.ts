import type { Cloud } from '../../../service.ts';
import type { Stage } from '../../apigateway/records.ts';
import type { Identity } from '../api-call.ts';
import { type ApiRequest, headerOf } from '../api-request.ts';
import { requestTime } from './event-parts.ts';

/** What `$context.…` gives in log formats and parameters, by the name behind it. Grows while a request is served. */
export type Variables = Map<string, string>;

interface Received {
  readonly request: ApiRequest;
  readonly stage: Stage;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The variables that are known from the start. */
export function requestVariables({ accountId }: Cloud, { request, stage, requestId, at }: Received): Variables {
  return new Map([
    ['accountId', accountId],
    ['apiId', request.apiId],
    ['domainName', request.domainName],
    ['domainPrefix', request.domainName.split('.')[0]!],
    ['extendedRequestId', requestId],
    ['httpMethod', request.method],
    ['identity.sourceIp', request.sourceIp],
    ['identity.userAgent', headerOf(request.headers, 'user-agent') ?? '-'],
    ['path', request.path],
    ['protocol', 'HTTP/1.1'],
    ['requestId', requestId],
    ['requestTime', requestTime(at)],
    ['requestTimeEpoch', String(at)],
    ['stage', stage.StageName],
  ]);
}

/** Adds what an authorizer found out. */
export function addIdentity(variables: Variables, identity: Identity | undefined): void {
  if (!identity) return;
  const [members, prefix] =
    'jwt' in identity
      ? [identity.jwt.claims, 'authorizer.claims.']
      : 'lambda' in identity
        ? [{ ...identity.lambda, principalId: identity.principalId }, 'authorizer.']
        : [{ ...identity.iam, user: identity.iam.userId, caller: identity.iam.callerId }, 'identity.'];
  for (const [name, value] of Object.entries(members)) {
    if (value !== null && value !== undefined) variables.set(prefix + name, String(value));
  }
}
