import { randomBytes } from 'node:crypto';
import type { Cloud, Credentials, Permission, Principal } from '../service.ts';

/** Knows the roles and keys of this cloud and decides whether a principal may do a thing. */
export interface Authorizer {
  /** Throws AWS's AccessDenied where the principal's policies do not allow the permission. */
  check(principal: Principal, permission: Permission): void;
  assume(roleArn: string, sessionName: string): Principal;
  issueCredentials(principal: Principal): Credentials;
  /** The principal behind an access key, or undefined where the key was never issued. */
  principalOf(accessKeyId: string): Principal | undefined;
}

export const root = (accountId: string): Principal => ({ kind: 'root', arn: `arn:aws:iam::${accountId}:root` });

export function createAuthorizer(cloud: Pick<Cloud, 'accountId' | 'store'>): Authorizer {
  const principals = new Map<string, Principal>();
  return {
    check() {},
    assume(roleArn, sessionName) {
      const role = roleArn.split('/').at(-1);
      return { kind: 'role', roleArn, arn: `arn:aws:sts::${cloud.accountId}:assumed-role/${role}/${sessionName}` };
    },
    issueCredentials(principal) {
      const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      principals.set(accessKeyId, principal);
      return { accessKeyId, secretAccessKey: randomBytes(20).toString('hex'), sessionToken: randomBytes(16).toString('hex') };
    },
    principalOf: (accessKeyId) => principals.get(accessKeyId),
  };
}
