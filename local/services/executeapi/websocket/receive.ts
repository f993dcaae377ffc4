import type { CallContext } from '../../../service.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import type { ConnectionRecord } from './connection.ts';
import type { Happening } from './event.ts';
import { locateStage } from './locate.ts';
import { logHappening } from './log-happening.ts';
import { runRoute } from './run-route.ts';
import { selectRoute } from './select-route.ts';

export interface ReceivedMessage {
  readonly connection: ConnectionRecord;
  readonly message: string;
}

const refusals: Readonly<Record<number, string>> = { 403: 'Forbidden', 429: 'Too Many Requests' };

/** Brings a client's message to its route. What comes back is for the client; undefined where it gets no answer. */
export async function receive(
  core: ExecuteCore,
  { connection, message }: ReceivedMessage,
  { requestId }: CallContext,
): Promise<string | undefined> {
  const { apiId, stageName, connectionId } = connection;
  core.cloud.measure({
    namespace: 'AWS/ApiGateway',
    name: 'MessageCount',
    dimensions: { ApiId: apiId, Stage: stageName },
    value: 1,
    unit: 'Count',
  });
  const refuse = (status: number) =>
    `{"message": "${refusals[status] ?? 'Internal server error'}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
  const located = locateStage(core, apiId, stageName);
  const route = located && selectRoute(located.configuration, message);
  if (!route) return refuse(403);
  const { configuration, stage } = located;
  const at = core.cloud.clock.now();
  const happening: Happening = {
    connection,
    stage,
    routeKey: route.RouteKey,
    eventType: 'MESSAGE',
    requestId,
    at,
    body: message,
  };
  try {
    if (!core.throttle.admits(apiId, stage, route)) throw new ApiFailure(429, 'Rate exceeded');
    const { status, body } = await runRoute(core, configuration, route, happening);
    logHappening(core, happening, status);
    const answers = route.RouteResponseSelectionExpression && configuration.answeringRoutes.includes(route.RouteId);
    return answers ? body : undefined;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    logHappening(core, happening, error.status, error);
    return refuse(error.status);
  }
}
