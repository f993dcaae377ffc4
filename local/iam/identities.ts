import type { Collection, Store } from '../store.ts';

/** A role as the store keeps it. Policy documents stay the text that they came as. */
export interface StoredRole {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly path: string;
  readonly description: string;
  readonly createdAt: number;
  /** How long sessions of it may last, in seconds. Default 3600. */
  readonly maxSessionSeconds?: number;
  readonly trust: string;
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

/** A managed policy of this account. */
export interface StoredPolicy {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly document: string;
  readonly version: number;
}

/** Roles by name. */
export const rolesOf = (store: Store): Collection<StoredRole> => store.collection('iam.roles');

/** Managed policies by ARN. */
export const policiesOf = (store: Store): Collection<StoredPolicy> => store.collection('iam.policies');

/** `arn:aws:iam::1:role/path/name` → `name`. */
export const roleNameOf = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);
