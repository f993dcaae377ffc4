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

/** The APIs that were made with API Gateway, as their callers see them. */
export const createExecuteApi: ServiceFactory = (cloud) => {
  const core: ExecuteCore = {
    cloud,
    state: new ApiState(cloud),
    throttle: new Throttle(cloud.clock),
    logs: new LogGroups(cloud),
    issuers: new IssuerKeys(cloud.clock),
    authorizations: new AuthorizationCache(cloud.clock),
  };
  return {
    name: 'execute-api',
    operations: {
      // Not of AWS's API: what a caller of an API does.
      Invoke: (request, context) => serveHttpApi(core, request, context),
    },
    permissions: executePermissions(core),
    http: executeHttp(cloud),
    isPublic: (request, url) => apiAddress(request, url.pathname) !== undefined,
    async close() {
      await core.logs.settled();
    },
  };
};
