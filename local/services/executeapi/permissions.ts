import type { Permission } from '../../service.ts';
import type { ExecuteCore } from './core.ts';
import { locate } from './http-api/serve.ts';
import { calledArn } from './http-api/source-arn.ts';

/** Only routes with IAM authorization ask who calls: for the path that was called, not that of the route. */
export function executePermissions(core: ExecuteCore) {
  return (operation: string, input: any): readonly Permission[] => {
    if (operation !== 'Invoke' || input.unsigned) return [];
    const found = locate(core, input);
    if (found?.matched?.route.AuthorizationType !== 'AWS_IAM') return [];
    return [{ action: 'execute-api:Invoke', resource: calledArn(core.cloud, input, found.stage) }];
  };
}
