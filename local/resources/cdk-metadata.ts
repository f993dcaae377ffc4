import { defineResource } from '../provisioning/resource-type.ts';
import { withoutEffect } from '../provisioning/shape.ts';

export default defineResource({
  type: 'AWS::CDK::Metadata',
  properties: { Analytics: withoutEffect('says to AWS which constructs an app uses') },
  create: async (_properties, context) => ({ physicalId: context.name(undefined, { maxLength: 128 }) }),
  update: async (_properties, _context, { physicalId }) => ({ physicalId }),
  delete: async () => {},
});
