import type { CallContext } from '../../../service.ts';
import { ApiFailure } from '../api-failure.ts';
import { type Header, headerOf } from '../api-request.ts';
import type { ExecuteCore } from '../core.ts';
import { forwardedHeaders } from '../http-api/event-parts.ts';
import { authorizeConnection } from './authorize-connection.ts';
import type { ConnectionRecord } from './connection.ts';
import { type Happening, newConnectionId } from './event.ts';
import { locateStage } from './locate.ts';
import { logHappening } from './log-happening.ts';
import { runRoute } from './run-route.ts';

/** A client that asks for a connection. */
export interface ConnectRequest {
  readonly apiId: string;
  readonly stageName: string;
  readonly headers: readonly Header[];
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly sourceIp: string;
  readonly domainName: string;
}

export interface Accepted {
  readonly record: ConnectionRecord;
  /** The one of the client's subprotocols that the integration chose. */
  readonly subprotocol?: string;
}

/** Asks the API's `$connect` route whether a client may connect. Throws ApiFailure where it may not. */
export async function connect(core: ExecuteCore, request: ConnectRequest, context: CallContext): Promise<Accepted> {
  const { apiId, stageName, headers, query, sourceIp, domainName } = request;
  const located = locateStage(core, apiId, stageName);
  if (!located || located.configuration.api.DisableExecuteApiEndpoint) {
    throw new ApiFailure(403, 'No such API, stage or deployment');
  }
  const { configuration, stage } = located;
  const at = core.cloud.clock.now();
  const userAgent = headerOf(headers, 'user-agent') ?? '';
  const record: ConnectionRecord = {
    connectionId: newConnectionId(),
    apiId,
    stageName,
    connectedAt: at,
    sourceIp,
    userAgent,
    domainName,
  };
  const route = configuration.routes.find(({ RouteKey }) => RouteKey === '$connect');
  core.cloud.measure(connectMetric(record));
  if (!route) return { record };
  const { requestId } = context;
  const happening: Happening = {
    connection: record,
    stage,
    routeKey: '$connect',
    eventType: 'CONNECT',
    requestId,
    at,
    headers: forwardedHeaders({ headers, sourceIp }, at),
    query,
  };
  const answer = async (): Promise<Accepted> => {
    if (!core.throttle.admits(apiId, stage, route)) throw new ApiFailure(429, 'Rate exceeded');
    const authorizer = await authorizeConnection(core, located, route, happening, context);
    const authorized = authorizer ? { ...record, authorizer } : record;
    const { status, headers: chosen } = await runRoute(core, configuration, route, {
      ...happening,
      connection: authorized,
    });
    if (status < 200 || status > 299) throw new ApiFailure(status, `The $connect route answered ${status}`);
    const named = Object.entries(chosen).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol');
    return { record: authorized, ...(named && { subprotocol: String(named[1]) }) };
  };
  try {
    const accepted = await answer();
    logHappening(core, happening, 200);
    return accepted;
  } catch (error) {
    logHappening(core, happening, error instanceof ApiFailure ? error.status : 500, error as Error);
    throw error;
  }
}

const connectMetric = ({ apiId, stageName }: ConnectionRecord) => ({
  namespace: 'AWS/ApiGateway',
  name: 'ConnectCount',
  dimensions: { ApiId: apiId, Stage: stageName },
  value: 1,
  unit: 'Count',
});
