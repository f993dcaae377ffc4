import type { Permission } from '../../service.ts';
import type { ApiRequest } from './api-request.ts';
import type { ExecuteCore } from './core.ts';
import { locate } from './http-api/serve.ts';

/** Only routes with IAM authorization ask who calls: for the path that was called, not that of the route. */
export function executePermissions(core: ExecuteCore) {
  const { region, accountId } = core.cloud;
  return (operation: string, input: any): readonly Permission[] => {
    if (operation !== 'Invoke') return [];
    const request: ApiRequest = input;
    const found = locate(core, request);
    if (found?.matched?.route.AuthorizationType !== 'AWS_IAM') return [];
    const path =
      found.stage.StageName === '$default' ? request.path : request.path.slice(found.stage.StageName.length + 1);
    const called = `${request.apiId}/${found.stage.StageName}/${request.method}${path}`;
    return [{ action: 'execute-api:Invoke', resource: `arn:aws:execute-api:${region}:${accountId}:${called}` }];
  };
}
