import { restJsonHttp } from '../../protocols/rest-json.ts';
import type { ServiceFactory } from '../../service.ts';
import type { ApiCore } from './deploy.ts';
import { kindOperations } from './kinds.ts';
import { apiOperations } from './operations/apis.ts';
import { authorizerKind } from './operations/authorizers.ts';
import { deploymentOperations } from './operations/deployments.ts';
import { integrationKind } from './operations/integrations.ts';
import { routeResponseOperations } from './operations/route-responses.ts';
import { routeKind } from './operations/routes.ts';
import { stageKind, stageSettings } from './operations/stages.ts';
import { tagOperations } from './operations/tags.ts';
import { apiPermissions } from './permissions.ts';
import { apiRoutes } from './routes.ts';
import { ApiState } from './state.ts';
import { fromWire, toWire } from './wire.ts';

/** Amazon API Gateway, version 2: how HTTP and WebSocket APIs are made. `executeapi` is what serves them. */
export const createApigateway: ServiceFactory = (cloud) => {
  const core: ApiCore = { cloud, state: new ApiState(cloud) };
  return {
    name: 'apigateway',
    operations: {
      ...apiOperations(core),
      ...kindOperations(core, routeKind(core)),
      ...kindOperations(core, integrationKind(core)),
      ...kindOperations(core, authorizerKind(core)),
      ...kindOperations(core, stageKind(core)),
      ...stageSettings(core),
      ...deploymentOperations(core),
      ...routeResponseOperations(core),
      ...tagOperations(core),
    },
    permissions: apiPermissions(cloud),
    http: restJsonHttp(cloud, 'apigateway', apiRoutes, { fromWire, toWire, messageMember: 'message' }),
  };
};
