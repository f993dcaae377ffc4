import type { Principal } from '../service.ts';
import { roleNameOf } from './identities.ts';

/** The owner of the account: may do everything. */
export const root = (accountId: string): Principal => ({ kind: 'root', arn: `arn:aws:iam::${accountId}:root` });

/** The principal of one session of a role. */
export const roleSession = (accountId: string, roleArn: string, sessionName: string): Principal => ({
  kind: 'role',
  roleArn,
  arn: `arn:aws:sts::${accountId}:assumed-role/${roleNameOf(roleArn)}/${sessionName}`,
});

/** Somebody who signed nothing. Only what is open to everybody lets them in. */
export const anonymous: Principal = { kind: 'service', arn: 'anonymous' };
