import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  Name: 'text',
  Type: 'text',
  Value: 'text',
  Description: 'text',
  AllowedPattern: 'text',
  DataType: 'text',
  Tier: withoutEffect('tiers change what a parameter costs'),
  Tags: tags,
} as const;

async function put(parameter: Value<typeof properties>, Name: string, Overwrite: boolean, context: ResourceContext) {
  await context.call('ssm', 'PutParameter', { ...parameter, Name, Overwrite });
  return { physicalId: Name, attributes: { Type: parameter.Type, Value: parameter.Value } };
}

export default defineResource({
  type: 'AWS::SSM::Parameter',
  properties,
  replacedBy: ['Name'],
  create: (parameter, context) => put(parameter, context.name(parameter.Name, { maxLength: 1011 }), false, context),
  update: (parameter, context, { physicalId }) => put(parameter, physicalId, true, context),
  async delete(Name, context) {
    await context.attempt(['ParameterNotFound'], 'ssm', 'DeleteParameter', { Name });
  },
});
