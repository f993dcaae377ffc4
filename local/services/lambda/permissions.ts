import type { Cloud, Permission } from '../../service.ts';
import { functionArn } from './find-function.ts';
import { functionReference } from './function-reference.ts';
import type { LambdaState } from './state.ts';

/** Operations whose IAM action has another name, or that need more than their own. */
const actionOf: Readonly<Record<string, string>> = {
  Invoke: 'InvokeFunction',
  InvokeWithResponseStream: 'InvokeFunction',
  GetLayerVersionByArn: 'GetLayerVersion',
};

/** The IAM action and resource that AWS documents for each operation. */
export function lambdaPermissions({ cloud, state }: { readonly cloud: Cloud; readonly state: LambdaState }) {
  const arn = (rest: string) => `arn:aws:lambda:${cloud.region}:${cloud.accountId}:${rest}`;
  return (operation: string, input: any): readonly Permission[] => {
    const action = `lambda:${actionOf[operation] ?? operation}`;
    const mapped = operation.endsWith('EventSourceMapping') && mappedFunction(input);
    return [
      {
        action,
        resource: resource(operation, input),
        ...(mapped && { conditions: { 'lambda:FunctionArn': mapped } }),
      },
    ];
  };

  function mappedFunction(input: any): string | undefined {
    if (input.FunctionName) return functionArn(cloud, functionReference(input.FunctionName));
    return state.mappings.get(input.UUID)?.FunctionArn;
  }

  function resource(operation: string, input: any): string {
    if (operation.endsWith('EventSourceMapping')) return input.UUID ? arn(`event-source-mapping:${input.UUID}`) : '*';
    if (operation === 'GetLayerVersionByArn') return input.Arn;
    if (input.LayerName !== undefined) {
      const layer = arn(`layer:${String(input.LayerName).split(':layer:').at(-1)}`);
      return input.VersionNumber === undefined ? layer : `${layer}:${input.VersionNumber}`;
    }
    if (input.Resource !== undefined) return input.Resource;
    if (input.FunctionName === undefined || operation === 'ListEventSourceMappings') return '*';
    const { name, qualifier } = functionReference(input.FunctionName, input.Qualifier);
    // Reading and changing a function is granted on the function, invoking it on what is invoked.
    const qualified = actionOf[operation] === 'InvokeFunction' && qualifier !== undefined && state.functions.has(name);
    return functionArn(cloud, qualified ? { name, qualifier } : { name });
  }
}
