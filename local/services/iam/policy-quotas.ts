import { AwsError } from '../../aws-error.ts';
import type { StoredRole } from '../../iam/identities.ts';

/** What AWS allows unless an account asked for more, in characters without white space. */
const most = { inline: 10_240, managed: 6_144, trust: 2_048, attached: 10 };

/** Throws LimitExceeded where the inline policies of a role are longer together than AWS takes. */
export function checkInlinePolicies({ name, inline }: Pick<StoredRole, 'name' | 'inline'>): void {
  const length = Object.values(inline).reduce((sum, document) => sum + lengthOf(document), 0);
  if (length > most.inline)
    throw exceeded(`Maximum policy size of ${most.inline} bytes exceeded for role ${name}`, length);
}

export function checkManagedPolicy(document: string): void {
  const length = lengthOf(document);
  if (length > most.managed) throw exceeded(`Cannot exceed quota for PolicySize: ${most.managed}`, length);
}

export function checkTrustPolicy(document: string): void {
  const length = lengthOf(document);
  if (length > most.trust) throw exceeded(`Cannot exceed quota for ACLSizePerRole: ${most.trust}`, length);
}

export function checkAttached(arns: readonly string[]): void {
  if (arns.length > most.attached)
    throw exceeded(`Cannot exceed quota for PoliciesPerRole: ${most.attached}`, arns.length);
}

const lengthOf = (document: string) => document.replace(/\s/g, '').length;

const exceeded = (message: string, got: number) => new AwsError('LimitExceeded', `${message} (got ${got})`, 409);
