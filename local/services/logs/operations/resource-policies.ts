import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { invalid, knownInput } from '../known-input.ts';
import { paginate } from '../paginate.ts';

interface ResourcePolicy {
  readonly policyName: string;
  readonly policyDocument: string;
  readonly lastUpdatedTime: number;
}

const mostPolicies = 10;

/** The account's policies on log groups: they let services such as EventBridge write into them. */
export function resourcePolicyOperations({ clock, store }: Cloud): Record<string, Operation> {
  const policies = store.collection<ResourcePolicy>('logs.resourcePolicies');
  return {
    async PutResourcePolicy(input) {
      knownInput('PutResourcePolicy', input, ['policyName', 'policyDocument']);
      const { policyName, policyDocument } = input;
      if (!policyName || !policyDocument) throw invalid('a resource policy has a policyName and a policyDocument');
      if (!policies.has(policyName) && policies.size >= mostPolicies)
        throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
      const resourcePolicy = { policyName, policyDocument, lastUpdatedTime: clock.now() };
      policies.set(policyName, resourcePolicy);
      return { resourcePolicy };
    },

    async DeleteResourcePolicy(input) {
      knownInput('DeleteResourcePolicy', input, ['policyName']);
      if (!policies.delete(input.policyName)) {
        const message = `Policy with name [${input.policyName}] does not exist.`;
        throw new AwsError('ResourceNotFoundException', message);
      }
    },

    async DescribeResourcePolicies(input) {
      knownInput('DescribeResourcePolicies', input, ['limit', 'nextToken']);
      const { page, nextToken } = paginate([...policies.values()], input);
      return { resourcePolicies: page, nextToken };
    },
  };
}
