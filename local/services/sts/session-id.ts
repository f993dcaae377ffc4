import { roleNameOf, rolesOf } from '../../iam/identities.ts';
import type { Cloud, Principal } from '../../service.ts';

/** `<id of the role>:<name of the session>`. A cloud without IAM has no roles, and no ids of them: the name serves there. */
export function sessionId({ store }: Cloud, { arn, roleArn = '' }: Principal): string {
  const [, role, session] = arn.split('/');
  return `${rolesOf(store).get(roleNameOf(roleArn))?.id ?? role}:${session}`;
}
