import { root } from '../../iam/principals.ts';
import type { ServiceFactory } from '../../service.ts';
import { ApiState } from '../apigateway/state.ts';
import { apiAddress } from './address.ts';
import { AuthorizationCache } from './authorizers/authorization-cache.ts';
import { IssuerKeys } from './authorizers/issuer-keys.ts';
import type { ExecuteCore } from './core.ts';
import { executeHttp } from './http.ts';
import { serveHttpApi } from './http-api/serve.ts';
import { Throttle } from './http-api/throttle.ts';
import { LogGroups } from './log-group.ts';
import { executePermissions } from './permissions.ts';
import { connect } from './websocket/connect.ts';
import { Connections } from './websocket/connections.ts';
import { type Disconnection, disconnect } from './websocket/disconnect.ts';
import { manageOperations } from './websocket/manage.ts';
import { receive } from './websocket/receive.ts';
import { webSocketUpgrade } from './websocket/upgrade.ts';

/** The APIs that were made with API Gateway, as their callers see them. */
export const createExecuteApi: ServiceFactory = (cloud) => {
  const core: ExecuteCore = {
    cloud,
    state: new ApiState(cloud),
    throttle: new Throttle(cloud.clock),
    logs: new LogGroups(cloud),
    issuers: new IssuerKeys(cloud.clock),
    authorizations: new AuthorizationCache(cloud.clock),
    connections: new Connections(cloud),
  };
  return {
    name: 'execute-api',
    operations: {
      ...manageOperations(core),
      // Not of AWS's API: what callers of an API do, and what happens on connections.
      Invoke: (request, context) => serveHttpApi(core, request, context),
      Connect: (request, context) => connect(core, request, context),
      Receive: (message, context) => receive(core, message, context),
      Disconnect: (ended, context) => disconnect(core, ended, context),
    },
    permissions: executePermissions(core),
    http: executeHttp(cloud),
    isPublic: (request, url) => apiAddress(request, url.pathname) !== undefined,
    upgrade: webSocketUpgrade(core),
    async start() {
      for (const connection of core.connections.lost) {
        core.connections.forget(connection.connectionId);
        const ended: Disconnection = { connection, code: 1006, reason: '' };
        void cloud.call('execute-api', 'Disconnect', ended, root(cloud.accountId));
      }
    },
    async close() {
      await core.logs.settled();
    },
  };
};
