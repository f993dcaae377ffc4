import { roleNameOf, rolesOf } from '../../../iam/identities.ts';
import type { Cloud, Principal } from '../../../service.ts';
import type { Identity } from '../api-call.ts';

/** What the event says of a caller whose signature was checked. */
export function iamIdentity({ accountId, store }: Cloud, { arn, roleArn }: Principal): Identity {
  const role = roleArn && rolesOf(store).get(roleNameOf(roleArn));
  const userId = role ? `${role.id}:${arn.split('/').at(-1)}` : accountId;
  return {
    iam: {
      accessKey: null,
      accountId,
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: arn,
      userId,
    },
  };
}
