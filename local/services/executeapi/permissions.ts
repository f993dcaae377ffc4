import type { Permission } from '../../service.ts';
import type { ExecuteCore } from './core.ts';
import { locate } from './http-api/serve.ts';
import { calledArn } from './http-api/source-arn.ts';
import { locateStage } from './websocket/locate.ts';
import { connectionTarget } from './websocket/manage.ts';

const managing: Readonly<Record<string, string>> = {
  PostToConnection: 'POST',
  GetConnection: 'GET',
  DeleteConnection: 'DELETE',
};

/** Only routes with IAM authorization ask who calls: for the path that was called, not that of the route. */
export function executePermissions(core: ExecuteCore) {
  const { region, accountId } = core.cloud;
  const arn = (rest: string) => `arn:aws:execute-api:${region}:${accountId}:${rest}`;
  return (operation: string, input: any): readonly Permission[] => {
    const method = managing[operation];
    if (method) {
      const { ApiId, Stage, ConnectionId } = connectionTarget(input);
      const resource = arn(`${ApiId}/${Stage}/${method}/@connections/${ConnectionId}`);
      return [{ action: 'execute-api:ManageConnections', resource }];
    }
    if (operation === 'Connect') {
      const located = locateStage(core, input.apiId, input.stageName);
      const route = located?.configuration.routes.find(({ RouteKey }) => RouteKey === '$connect');
      if (route?.AuthorizationType !== 'AWS_IAM') return [];
      return [{ action: 'execute-api:Invoke', resource: arn(`${input.apiId}/${input.stageName}/$connect`) }];
    }
    if (operation !== 'Invoke' || input.unsigned) return [];
    const found = locate(core, input);
    if (found?.matched?.route.AuthorizationType !== 'AWS_IAM') return [];
    return [{ action: 'execute-api:Invoke', resource: calledArn(core.cloud, input, found.stage) }];
  };
}
