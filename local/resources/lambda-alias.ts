import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  FunctionName: 'text',
  Name: 'text',
  FunctionVersion: 'text',
  Description: 'text',
  RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: 'text', FunctionWeight: 'number' }] },
  ProvisionedConcurrencyConfig: withoutEffect('environments are not kept warm ahead of calls on this machine'),
} as const;

/** Templates list the weights where Lambda takes them by version. */
function input({ RoutingConfig, ...alias }: Value<typeof properties>) {
  const weights = RoutingConfig?.AdditionalVersionWeights?.map((one) => [one.FunctionVersion, one.FunctionWeight]);
  return { ...alias, ...(weights && { RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(weights) } }) };
}

const put = (operation: string) => async (alias: Value<typeof properties>, context: ResourceContext) => {
  const { AliasArn } = await context.call('lambda', operation, input(alias));
  return { physicalId: AliasArn, attributes: { AliasArn } };
};

export default defineResource({
  type: 'AWS::Lambda::Alias',
  properties,
  replacedBy: ['FunctionName', 'Name'],
  create: put('CreateAlias'),
  update: put('UpdateAlias'),
  async delete(_arn, context, { FunctionName, Name }) {
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteAlias', { FunctionName, Name });
  },
});
