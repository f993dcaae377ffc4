import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = { PolicyName: 'text', PolicyDocument: 'json', Roles: ['text'] } as const;

async function put(policy: Value<typeof properties>, context: ResourceContext) {
  const PolicyDocument = JSON.stringify(policy.PolicyDocument);
  for (const RoleName of policy.Roles ?? []) {
    await context.call('iam', 'PutRolePolicy', { RoleName, PolicyName: policy.PolicyName, PolicyDocument });
  }
  return { physicalId: policy.PolicyName! };
}

async function remove(PolicyName: string, roles: readonly string[], context: ResourceContext): Promise<void> {
  for (const RoleName of roles)
    await context.attempt(['NoSuchEntity'], 'iam', 'DeleteRolePolicy', { RoleName, PolicyName });
}

/** An inline policy in the roles that it names. */
export default defineResource({
  type: 'AWS::IAM::Policy',
  properties,
  replacedBy: ['PolicyName'],
  create: put,
  async update(policy, context, { physicalId, properties: before }) {
    await remove(
      physicalId,
      (before.Roles ?? []).filter((role) => !policy.Roles?.includes(role)),
      context,
    );
    return put(policy, context);
  },
  delete: (name, context, { Roles = [] }) => remove(name, Roles, context),
});
