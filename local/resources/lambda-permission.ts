import { defineResource } from '../provisioning/resource-type.ts';

export default defineResource({
  type: 'AWS::Lambda::Permission',
  properties: {
    FunctionName: 'text',
    Action: 'text',
    Principal: 'text',
    SourceArn: 'text',
    SourceAccount: 'text',
    EventSourceToken: 'text',
  },
  async create(permission, context) {
    const StatementId = context.name(undefined, { maxLength: 100 });
    await context.call('lambda', 'AddPermission', { ...permission, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  async delete(StatementId, context, { FunctionName }) {
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'RemovePermission', { FunctionName, StatementId });
  },
});
