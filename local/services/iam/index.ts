import { NotSupportedError } from '../../aws-error.ts';
import type { Operation, Permission, ServiceFactory } from '../../service.ts';
import { policyOperations } from './policy-operations.ts';
import { roleOperations } from './role-operations.ts';

/**
 * IAM: roles and policies, as templates make them. A cloud that runs this service holds every call to them; one without
 * it has no roles and asks for none. Reached by deployments only; its wire protocol is not served.
 */
export const createIam: ServiceFactory = (cloud) => {
  const operations: Record<string, Operation> = { ...roleOperations(cloud), ...policyOperations(cloud) };
  return {
    name: 'iam',
    operations,
    permissions: (operation, input) => [permission(cloud.accountId, operation, input)],
    async http() {
      throw new NotSupportedError('calls of IAM over HTTP');
    },
  };
};

function permission(accountId: string, operation: string, input: any): Permission {
  const named = input.RoleName
    ? `role${input.Path ?? '/'}${input.RoleName}`
    : `policy${input.Path ?? '/'}${input.PolicyName}`;
  return {
    action: `iam:${operation}`,
    resource: input.PolicyArn && !input.RoleName ? input.PolicyArn : `arn:aws:iam::${accountId}:${named}`,
  };
}
