import type { AssumedBy, Cloud, Credentials, Permission, Principal } from '../service.ts';
import type { RoleAccess } from './access-record.ts';
import { AccessKeys, type KnownCredentials } from './credentials.ts';
import { PolicyAuthorizer } from './policy-authorizer.ts';
import { roleSession, root } from './principals.ts';

export { root };

/** Knows the roles and keys of this cloud and decides whether a principal may do a thing. */
export interface Authorizer {
  /** There are no roles and no keys: everybody may do everything, and signatures are not checked. */
  readonly open: boolean;
  /**
   * Rejects with AWS's AccessDenied where the principal may not make the call: each permission must be allowed and none
   * denied, and roles that it passes on must be its to pass and trust the service that gets them.
   */
  check(principal: Principal, call: AuthorizedCall): Promise<void>;
  /** The error that the principal is to see: what it may not know of, it is denied. */
  conceal(principal: Principal, call: AuthorizedCall, error: unknown): Promise<unknown>;
  /** To be told of every call that was made. */
  note(call: AuthorizedCall): void;
  assume(roleArn: string, sessionName: string, by?: AssumedBy): Principal;
  issueCredentials(principal: Principal, expiresAt?: number): Credentials;
  /** Secret, token and owner of an access key, or undefined where the key was never issued. */
  credentialsOf(accessKeyId: string): KnownCredentials | undefined;
  /** What every role did, was refused, and may do but never did since local AWS started. */
  accessReport(): RoleAccess[];
}

export interface AuthorizedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: any;
  readonly permissions: readonly Permission[];
}

/** Holds everybody to the policies of a cloud that runs IAM. */
export function createAuthorizer(cloud: Cloud): Authorizer {
  return new PolicyAuthorizer(cloud, new AccessKeys(root(cloud.accountId)));
}

/** For a cloud without IAM, as tests of single services are: there are no roles, so everybody may do everything. */
export function createOpenAuthorizer({ accountId }: Pick<Cloud, 'accountId'>): Authorizer {
  const keys = new AccessKeys(root(accountId));
  return {
    open: true,
    async check() {},
    conceal: async (_principal, _call, error) => error,
    note() {},
    assume: (roleArn, sessionName) => roleSession(accountId, roleArn, sessionName),
    issueCredentials: (principal, expiresAt) => keys.issue(principal, expiresAt),
    credentialsOf: (accessKeyId) => keys.find(accessKeyId),
    accessReport: () => [],
  };
}
