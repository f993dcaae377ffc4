import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = {
  FunctionName: 'text',
  Qualifier: 'text',
  MaximumEventAgeInSeconds: 'number',
  MaximumRetryAttempts: 'number',
  DestinationConfig: { OnSuccess: { Destination: 'text' }, OnFailure: { Destination: 'text' } },
} as const;

async function put(config: Value<typeof properties>, context: ResourceContext) {
  await context.call('lambda', 'PutFunctionEventInvokeConfig', config);
  return { physicalId: `${config.FunctionName}|${config.Qualifier}` };
}

export default defineResource({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties,
  replacedBy: ['FunctionName', 'Qualifier'],
  create: put,
  update: put,
  async delete(_id, context, { FunctionName, Qualifier }) {
    const input = { FunctionName, Qualifier };
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteFunctionEventInvokeConfig', input);
  },
});
