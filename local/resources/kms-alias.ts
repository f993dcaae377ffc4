import { defineResource } from '../provisioning/resource-type.ts';

export default defineResource({
  type: 'AWS::KMS::Alias',
  properties: { AliasName: 'text', TargetKeyId: 'text' },
  replacedBy: ['AliasName'],
  async create({ AliasName, TargetKeyId }, context) {
    const name = context.name(AliasName, { maxLength: 256 });
    await context.call('kms', 'CreateAlias', { AliasName: name, TargetKeyId });
    return { physicalId: name };
  },
  async update({ AliasName, TargetKeyId }, context, { physicalId }) {
    await context.call('kms', 'UpdateAlias', { AliasName, TargetKeyId });
    return { physicalId };
  },
  async delete(AliasName, context) {
    await context.attempt(['NotFoundException'], 'kms', 'DeleteAlias', { AliasName });
  },
});
