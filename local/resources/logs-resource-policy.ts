import { defineResource } from '../provisioning/resource-type.ts';

export default defineResource({
  type: 'AWS::Logs::ResourcePolicy',
  properties: { PolicyName: 'text', PolicyDocument: 'json' },
  replacedBy: ['PolicyName'],
  async create({ PolicyName, PolicyDocument }, context) {
    const policyName = context.name(PolicyName, { maxLength: 512 });
    await context.call('logs', 'PutResourcePolicy', { policyName, policyDocument: asText(PolicyDocument) });
    return { physicalId: policyName };
  },
  async update({ PolicyDocument }, context, { physicalId: policyName }) {
    await context.call('logs', 'PutResourcePolicy', { policyName, policyDocument: asText(PolicyDocument) });
    return { physicalId: policyName };
  },
  async delete(policyName, context) {
    await context.attempt(['ResourceNotFoundException'], 'logs', 'DeleteResourcePolicy', { policyName });
  },
});

/** CloudFormation takes the document as text; templates have it as an object too. */
const asText = (document: unknown) => (typeof document === 'string' ? document : JSON.stringify(document));
