import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = {
  ManagedPolicyName: 'text',
  Path: 'text',
  Description: 'text',
  PolicyDocument: 'json',
  Roles: ['text'],
} as const;

const arn = (name: string, path = '/', { accountId }: ResourceContext) =>
  `arn:aws:iam::${accountId}:policy${path}${name}`;

async function attach(
  PolicyArn: string,
  { Roles = [] }: Value<typeof properties>,
  context: ResourceContext,
): Promise<void> {
  for (const RoleName of Roles) await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
}

async function detach(PolicyArn: string, roles: readonly string[], context: ResourceContext): Promise<void> {
  for (const RoleName of roles)
    await context.attempt(['NoSuchEntity'], 'iam', 'DetachRolePolicy', { RoleName, PolicyArn });
}

const provisioned = (name: string, PolicyArn: string) => ({
  physicalId: name,
  ref: PolicyArn,
  attributes: { PolicyArn },
});

export default defineResource({
  type: 'AWS::IAM::ManagedPolicy',
  properties,
  replacedBy: ['ManagedPolicyName', 'Path', 'Description'],
  async create(policy, context) {
    const { Path, Description } = policy;
    const PolicyName = context.name(policy.ManagedPolicyName, { maxLength: 128 });
    const PolicyDocument = JSON.stringify(policy.PolicyDocument);
    const { Policy } = await context.call('iam', 'CreatePolicy', { PolicyName, Path, Description, PolicyDocument });
    await attach(Policy.Arn, policy, context);
    return provisioned(PolicyName, Policy.Arn);
  },
  async update(policy, context, { physicalId, properties: before }) {
    const PolicyArn = arn(physicalId, policy.Path, context);
    const PolicyDocument = JSON.stringify(policy.PolicyDocument);
    await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
    await detach(
      PolicyArn,
      (before.Roles ?? []).filter((role) => !policy.Roles?.includes(role)),
      context,
    );
    await attach(PolicyArn, policy, context);
    return provisioned(physicalId, PolicyArn);
  },
  async delete(name, context, { Path, Roles = [] }) {
    const PolicyArn = arn(name, Path, context);
    await detach(PolicyArn, Roles, context);
    await context.attempt(['NoSuchEntity'], 'iam', 'DeletePolicy', { PolicyArn });
  },
});
