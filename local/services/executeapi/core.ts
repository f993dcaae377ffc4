import type { Cloud } from '../../service.ts';
import type { ApiState } from '../apigateway/state.ts';
import type { AuthorizationCache } from './authorizers/authorization-cache.ts';
import type { IssuerKeys } from './authorizers/issuer-keys.ts';
import type { Throttle } from './http-api/throttle.ts';
import type { LogGroups } from './log-group.ts';
import type { Connections } from './websocket/connections.ts';

/** What serving APIs shares. */
export interface ExecuteCore {
  readonly cloud: Cloud;
  /** How the APIs were made: kept by `apigateway`, only read here. */
  readonly state: ApiState;
  readonly throttle: Throttle;
  readonly logs: LogGroups;
  readonly issuers: IssuerKeys;
  readonly authorizations: AuthorizationCache;
  readonly connections: Connections;
}
