import type { CallContext } from '../../../service.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ExecuteCore } from '../core.ts';
import type { ConnectionRecord } from './connection.ts';
import type { Happening } from './event.ts';
import { locateStage } from './locate.ts';
import { logHappening } from './log-happening.ts';
import { runRoute } from './run-route.ts';

export interface Disconnection {
  readonly connection: ConnectionRecord;
  readonly code: number;
  readonly reason: string;
}

/** Tells the `$disconnect` route of the end of a connection. Nobody waits for its answer, so its failures are only logged. */
export async function disconnect(
  core: ExecuteCore,
  { connection, code, reason }: Disconnection,
  { requestId }: CallContext,
): Promise<void> {
  const located = locateStage(core, connection.apiId, connection.stageName);
  const route = located?.configuration.routes.find(({ RouteKey }) => RouteKey === '$disconnect');
  if (!located || !route) return;
  const happening: Happening = {
    connection,
    stage: located.stage,
    routeKey: '$disconnect',
    eventType: 'DISCONNECT',
    requestId,
    at: core.cloud.clock.now(),
    close: { code, reason: reason || unsaid(code) },
  };
  try {
    const { status } = await runRoute(core, located.configuration, route, happening);
    logHappening(core, happening, status);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    logHappening(core, happening, error.status, error);
  }
}

function unsaid(code: number): string {
  if (code === 1005) return 'Client-side close frame status not set';
  return code === 1000 ? 'Connection Closed Normally' : '';
}
