import type { Configuration, Stage } from '../../apigateway/records.ts';
import type { ExecuteCore } from '../core.ts';

export interface LocatedStage {
  readonly configuration: Configuration;
  readonly stage: Stage;
}

/** The stage of a WebSocket API, and what it serves; undefined where there is no such thing. */
export function locateStage({ state }: ExecuteCore, apiId: string, stageName: string): LocatedStage | undefined {
  const api = state.apis.get(apiId);
  const stage = api?.ProtocolType === 'WEBSOCKET' ? state.stages.find(apiId, stageName) : undefined;
  const configuration = stage && state.served(apiId, stage);
  return configuration && { configuration, stage };
}
