import { AwsError } from '../../aws-error.ts';
import { policiesOf, rolesOf, type StoredPolicy } from '../../iam/identities.ts';
import { readPolicy } from '../../iam/policy.ts';
import type { Cloud, Operation } from '../../service.ts';
import { checkName, entityExists, noSuchEntity, uniqueId } from './entity.ts';
import { checkManagedPolicy } from './policy-quotas.ts';

/** Managed policies of this account. Only the default version of one is kept. */
export function policyOperations(cloud: Cloud): Record<string, Operation> {
  const policies = policiesOf(cloud.store);
  const find = (arn: string): StoredPolicy => {
    const policy = policies.get(arn);
    if (!policy) throw noSuchEntity('policy', arn);
    return policy;
  };
  return {
    async CreatePolicy({ PolicyName, Path = '/', PolicyDocument }) {
      const name = checkName(PolicyName, 128);
      const arn = `arn:aws:iam::${cloud.accountId}:policy${Path}${name}`;
      if (policies.has(arn)) throw entityExists('Policy', name);
      readPolicy(PolicyDocument, 'identity');
      checkManagedPolicy(PolicyDocument);
      const policy: StoredPolicy = { name, arn, id: uniqueId('ANPA', arn), document: PolicyDocument, version: 1 };
      policies.set(arn, policy);
      return { Policy: shown(policy) };
    },
    GetPolicy: async ({ PolicyArn }) => ({ Policy: shown(find(PolicyArn)) }),
    async CreatePolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault }) {
      const policy = find(PolicyArn);
      readPolicy(PolicyDocument, 'identity');
      checkManagedPolicy(PolicyDocument);
      if (!SetAsDefault)
        throw new AwsError('NotImplemented', 'local AWS keeps only the default version of a policy', 501);
      policies.set(PolicyArn, { ...policy, document: PolicyDocument, version: policy.version + 1 });
      return { PolicyVersion: { VersionId: `v${policy.version + 1}`, IsDefaultVersion: true } };
    },
    async DeletePolicy({ PolicyArn }) {
      find(PolicyArn);
      const used = [...rolesOf(cloud.store).values()].some((role) => role.attached.includes(PolicyArn));
      if (used) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
      policies.delete(PolicyArn);
      return {};
    },
  };
}

function shown({ name, arn, id, version }: StoredPolicy) {
  return { PolicyName: name, PolicyId: id, Arn: arn, DefaultVersionId: `v${version}` };
}
