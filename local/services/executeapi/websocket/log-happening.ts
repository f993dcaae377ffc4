import type { ExecuteCore } from '../core.ts';
import { writeAccessLog } from '../http-api/access-log.ts';
import { requestTime } from '../http-api/event-parts.ts';
import type { Variables } from '../http-api/variables.ts';
import type { Happening } from './event.ts';

/** Writes the access log of a stage for something that happened on a connection. */
export function logHappening(core: ExecuteCore, happening: Happening, status: number, error?: Error): void {
  const { connection, stage, routeKey, eventType, requestId, at, close } = happening;
  const variables: Variables = new Map([
    ['accountId', core.cloud.accountId],
    ['apiId', connection.apiId],
    ['connectedAt', String(connection.connectedAt)],
    ['connectionId', connection.connectionId],
    ['domainName', connection.domainName],
    ['eventType', eventType],
    ['extendedRequestId', requestId],
    ['identity.sourceIp', connection.sourceIp],
    ['identity.userAgent', connection.userAgent],
    ['messageDirection', 'IN'],
    ['requestId', requestId],
    ['requestTime', requestTime(at)],
    ['requestTimeEpoch', String(at)],
    ['routeKey', routeKey],
    ['stage', stage.StageName],
    ['status', String(status)],
  ]);
  if (error) variables.set('error.message', error.message);
  if (close) variables.set('disconnectReason', close.reason);
  for (const [name, value] of Object.entries(connection.authorizer ?? {})) {
    variables.set(`authorizer.${name}`, String(value));
  }
  writeAccessLog(core, stage, variables);
}
