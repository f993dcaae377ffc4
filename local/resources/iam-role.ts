import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';

const properties = {
  RoleName: 'text',
  Path: 'text',
  Description: 'text',
  AssumeRolePolicyDocument: 'json',
  ManagedPolicyArns: ['text'],
  Policies: [{ PolicyName: 'text', PolicyDocument: 'json' }],
  MaxSessionDuration: 'number',
  Tags: tags,
} as const;

type Role = Value<typeof properties>;

async function setPolicies(role: Role, RoleName: string, context: ResourceContext, before: Role = {}): Promise<void> {
  const call = (operation: string, input: object) => context.call('iam', operation, { RoleName, ...input });
  const arns = role.ManagedPolicyArns ?? [];
  for (const PolicyArn of arns) await call('AttachRolePolicy', { PolicyArn });
  for (const PolicyArn of before.ManagedPolicyArns ?? []) {
    if (!arns.includes(PolicyArn)) await call('DetachRolePolicy', { PolicyArn });
  }
  const names = role.Policies?.map(({ PolicyName }) => PolicyName) ?? [];
  for (const { PolicyName, PolicyDocument } of role.Policies ?? []) {
    await call('PutRolePolicy', { PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  }
  for (const { PolicyName } of before.Policies ?? []) {
    if (!names.includes(PolicyName)) await call('DeleteRolePolicy', { PolicyName });
  }
}

const provisioned = ({ RoleName, Arn, RoleId }: any) => ({ physicalId: RoleName, attributes: { Arn, RoleId } });

export default defineResource({
  type: 'AWS::IAM::Role',
  properties,
  replacedBy: ['RoleName', 'Path'],
  async create(role, context) {
    const RoleName = context.name(role.RoleName, { maxLength: 64 });
    const AssumeRolePolicyDocument = JSON.stringify(role.AssumeRolePolicyDocument);
    const { Path, Description, MaxSessionDuration } = role;
    const { Role } = await context.call('iam', 'CreateRole', {
      RoleName,
      Path,
      Description,
      AssumeRolePolicyDocument,
      MaxSessionDuration,
    });
    await setPolicies(role, RoleName, context);
    return provisioned(Role);
  },
  async update(role, context, { physicalId: RoleName, properties: before }) {
    const PolicyDocument = JSON.stringify(role.AssumeRolePolicyDocument);
    await context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    await context.call('iam', 'UpdateRole', {
      RoleName,
      Description: role.Description ?? '',
      MaxSessionDuration: role.MaxSessionDuration ?? 3600,
    });
    await setPolicies(role, RoleName, context, before);
    return provisioned((await context.call('iam', 'GetRole', { RoleName })).Role);
  },
  async delete(RoleName, context, role) {
    const gone = ['NoSuchEntity'];
    for (const PolicyArn of role.ManagedPolicyArns ?? []) {
      await context.attempt(gone, 'iam', 'DetachRolePolicy', { RoleName, PolicyArn });
    }
    for (const { PolicyName } of role.Policies ?? []) {
      await context.attempt(gone, 'iam', 'DeleteRolePolicy', { RoleName, PolicyName });
    }
    await context.attempt(gone, 'iam', 'DeleteRole', { RoleName });
  },
});
