import { AwsError } from '../../aws-error.ts';
import { policiesOf, rolesOf, type StoredRole } from '../../iam/identities.ts';
import { managedPolicyDocument } from '../../iam/managed-policies.ts';
import { readPolicy } from '../../iam/policy.ts';
import type { Cloud, Operation } from '../../service.ts';
import { checkName, entityExists, noSuchEntity, uniqueId } from './entity.ts';
import { checkAttached, checkInlinePolicies, checkTrustPolicy } from './policy-quotas.ts';

const shortestMaximum = 3600;
const longestMaximum = 43_200;

/** CreateRole and everything that changes or shows one. */
export function roleOperations(cloud: Cloud): Record<string, Operation> {
  const roles = rolesOf(cloud.store);
  const find = (name: string): StoredRole => {
    const role = roles.get(name);
    if (!role) throw noSuchEntity('role', name);
    return role;
  };
  const change = (name: string, changes: Partial<StoredRole>) => {
    roles.set(name, { ...find(name), ...changes });
    return {};
  };
  return {
    async CreateRole({ RoleName, Path: path = '/', Description = '', AssumeRolePolicyDocument, MaxSessionDuration }) {
      const name = checkName(RoleName, 64);
      if (roles.has(name)) throw entityExists('Role', name);
      readPolicy(AssumeRolePolicyDocument, 'trust');
      checkTrustPolicy(AssumeRolePolicyDocument);
      const arn = `arn:aws:iam::${cloud.accountId}:role${path}${name}`;
      const role: StoredRole = {
        name,
        arn,
        path,
        id: uniqueId('AROA', arn),
        description: Description,
        createdAt: cloud.clock.now(),
        maxSessionSeconds: checkMaximum(MaxSessionDuration),
        trust: AssumeRolePolicyDocument,
        inline: {},
        attached: [],
      };
      roles.set(name, role);
      return { Role: shown(role) };
    },
    GetRole: async ({ RoleName }) => ({ Role: shown(find(RoleName)) }),
    ListRoles: async () => ({ Roles: [...roles.values()].map(shown), IsTruncated: false }),
    async UpdateRole({ RoleName, Description, MaxSessionDuration }) {
      const { description, maxSessionSeconds } = find(RoleName);
      return change(RoleName, {
        description: Description ?? description,
        maxSessionSeconds: checkMaximum(MaxSessionDuration) ?? maxSessionSeconds,
      });
    },
    async UpdateAssumeRolePolicy({ RoleName, PolicyDocument }) {
      readPolicy(PolicyDocument, 'trust');
      checkTrustPolicy(PolicyDocument);
      return change(RoleName, { trust: PolicyDocument });
    },
    async PutRolePolicy({ RoleName, PolicyName, PolicyDocument }) {
      readPolicy(PolicyDocument, 'identity');
      const inline = { ...find(RoleName).inline, [checkName(PolicyName, 128)]: PolicyDocument };
      checkInlinePolicies({ name: RoleName, inline });
      return change(RoleName, { inline });
    },
    async GetRolePolicy({ RoleName, PolicyName }) {
      const PolicyDocument = find(RoleName).inline[PolicyName];
      if (PolicyDocument === undefined) throw noSuchEntity('role policy', PolicyName);
      return { RoleName, PolicyName, PolicyDocument };
    },
    ListRolePolicies: async ({ RoleName }) => ({ PolicyNames: Object.keys(find(RoleName).inline), IsTruncated: false }),
    async DeleteRolePolicy({ RoleName, PolicyName }) {
      const { [PolicyName]: removed, ...inline } = find(RoleName).inline;
      if (removed === undefined) throw noSuchEntity('role policy', PolicyName);
      return change(RoleName, { inline });
    },
    async AttachRolePolicy({ RoleName, PolicyArn }) {
      // A managed policy of AWS that is not known here answers 501, so that no role is weaker here than on AWS.
      if (!policiesOf(cloud.store).has(PolicyArn)) managedPolicyDocument(PolicyArn);
      const attached = [...new Set([...find(RoleName).attached, PolicyArn])];
      checkAttached(attached);
      return change(RoleName, { attached });
    },
    async DetachRolePolicy({ RoleName, PolicyArn }) {
      const { attached } = find(RoleName);
      if (!attached.includes(PolicyArn)) throw noSuchEntity('policy', PolicyArn);
      return change(RoleName, { attached: attached.filter((arn) => arn !== PolicyArn) });
    },
    ListAttachedRolePolicies: async ({ RoleName }) => ({
      AttachedPolicies: find(RoleName).attached.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split('/').at(-1) })),
      IsTruncated: false,
    }),
    async DeleteRole({ RoleName }) {
      const role = find(RoleName);
      if (role.attached.length || Object.keys(role.inline).length) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      }
      roles.delete(RoleName);
      return {};
    },
  };
}

function shown(role: StoredRole) {
  return {
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    Path: role.path,
    Description: role.description,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: role.trust,
    MaxSessionDuration: role.maxSessionSeconds ?? shortestMaximum,
  };
}

function checkMaximum(seconds: unknown): number | undefined {
  if (seconds === undefined || seconds === null) return undefined;
  const maximum = Number(seconds);
  if (Number.isInteger(maximum) && maximum >= shortestMaximum && maximum <= longestMaximum) return maximum;
  throw new AwsError(
    'ValidationError',
    `MaxSessionDuration is ${seconds}; allowed are ${shortestMaximum} to ${longestMaximum} seconds`,
  );
}
