import { AwsError } from '../aws-error.ts';
import type { AssumedBy, Cloud, Credentials, Permission, Principal } from '../service.ts';
import { AccessRecord, type RoleAccess } from './access-record.ts';
import type { AuthorizedCall, Authorizer } from './authorizer.ts';
import type { RequestContext } from './conditions.ts';
import type { AccessKeys, KnownCredentials } from './credentials.ts';
import { type DenialReason, denial } from './denial.ts';
import { type AccessRequest, evaluateIdentity, evaluateResource, type Requester, type Verdict } from './evaluate.ts';
import { permissionToKnow } from './hidden-absence.ts';
import { policiesOf, roleNameOf, rolesOf, type StoredRole } from './identities.ts';
import { managedPolicyDocument } from './managed-policies.ts';
import { type PassedRole, passedRoles } from './passed-roles.ts';
import { type Policy, readPolicy } from './policy.ts';
import { roleSession, root } from './principals.ts';
import { requestContext } from './request-context.ts';
import { ResourcePolicies } from './resource-policies.ts';

const silent: Verdict = { direct: false };

/** Decides by the policies of roles and resources, and remembers what each role did. */
export class PolicyAuthorizer implements Authorizer {
  readonly open = false;
  readonly #cloud: Cloud;
  readonly #keys: AccessKeys;
  readonly #resourcePolicies: ResourcePolicies;
  readonly #records = new Map<string, AccessRecord>();

  constructor(cloud: Cloud, keys: AccessKeys) {
    this.#cloud = cloud;
    this.#keys = keys;
    this.#resourcePolicies = new ResourcePolicies(cloud, root(cloud.accountId));
  }

  async check(principal: Principal, { service, operation, input, permissions }: AuthorizedCall): Promise<void> {
    this.#resourcePolicies.check(service, operation, input);
    const passed = passedRoles(service, operation, input);
    for (const role of passed) this.#checkTrust(role);
    if (principal.kind === 'root') return;
    const passings = passed.map(({ roleArn, service: to }) => ({
      action: 'iam:PassRole',
      resource: roleArn,
      conditions: { 'iam:PassedToService': to },
    }));
    for (const permission of [...permissions, ...passings]) {
      const verdict = this.#decide(principal, permission, service);
      if (verdict) await verdict;
    }
  }

  async conceal(principal: Principal, call: AuthorizedCall, error: unknown): Promise<unknown> {
    const permission = principal.kind === 'root' ? undefined : permissionToKnow(call, error);
    if (!permission) return error;
    try {
      await this.#decide(principal, permission, call.service);
      return error;
    } catch (denied) {
      return denied;
    }
  }

  note({ service, operation }: AuthorizedCall): void {
    this.#resourcePolicies.noteChange(service, operation);
  }

  assume(roleArn: string, sessionName: string, by?: AssumedBy): Principal {
    const role = this.#role(roleArn);
    if (!role) throw new AwsError('AccessDenied', `there is no role ${roleArn} to assume`, 403);
    if (by && !this.#trusts(role, by)) {
      const service: Principal = { kind: 'service', arn: by.service };
      throw denial(service, { action: 'sts:AssumeRole', resource: roleArn }, 'nothing allows it', 'sts');
    }
    return roleSession(this.#cloud.accountId, roleArn, sessionName);
  }

  issueCredentials(principal: Principal, expiresAt?: number): Credentials {
    return this.#keys.issue(principal, expiresAt);
  }

  credentialsOf(accessKeyId: string): KnownCredentials | undefined {
    return this.#keys.find(accessKeyId);
  }

  accessReport(): RoleAccess[] {
    const roles = [...rolesOf(this.#cloud.store).values()];
    return roles.map((role) => this.#recordOf(role.name).report(role.name, this.#policiesOf(role)));
  }

  /** Undefined where the answer is known at once, as it is unless the resource's policy must be read first. */
  #decide(principal: Principal, permission: Permission, service: string): Promise<void> | undefined {
    const role = principal.roleArn === undefined ? undefined : this.#role(principal.roleArn);
    const request = this.#request(principal, role, permission);
    const identity = role ? evaluateIdentity(this.#policiesOf(role), request) : silent;
    const settle = (policy: Policy | undefined) => {
      const resource = policy ? evaluateResource(policy, request, this.#requester(principal, role)) : silent;
      const reason = refusal(identity, resource, needsBoth(permission.action) && policy !== undefined);
      const record = role && this.#recordOf(role.name);
      if (!reason) return record?.allow(permission.action, permission.resource, identity.statement);
      record?.deny(permission.action, permission.resource);
      throw denial(principal, permission, reason, service);
    };
    const reading = this.#policyOn(permission);
    if (!reading) return void settle(undefined);
    return reading.then(settle);
  }

  #policyOn({ action, resource }: Permission): Promise<Policy | undefined> | undefined {
    if (!action.startsWith('sts:')) return this.#resourcePolicies.of(resource);
    const role = this.#role(resource);
    return role && Promise.resolve(readPolicy(role.trust, 'trust'));
  }

  #checkTrust({ roleArn, service, untrusted }: PassedRole): void {
    const role = this.#role(roleArn);
    // At this time there is no resource yet that the service would act for, so conditions on it cannot be asked.
    const trusted =
      role &&
      readPolicy(role.trust, 'trust').statements.some(
        ({ effect, principals }) =>
          effect === 'Allow' && !principals?.not && (principals?.everyone || principals?.services.includes(service)),
      );
    const refused = trusted ? undefined : untrusted();
    if (refused) throw refused;
  }

  #trusts(role: StoredRole, { service, sourceArn }: AssumedBy): boolean {
    const principal: Principal = { kind: 'service', arn: service, sourceArn };
    const request = this.#request(principal, undefined, { action: 'sts:AssumeRole', resource: role.arn });
    return (
      evaluateResource(readPolicy(role.trust, 'trust'), request, this.#requester(principal, undefined)).effect ===
      'Allow'
    );
  }

  #request(principal: Principal, role: StoredRole | undefined, permission: Permission): AccessRequest {
    let context: RequestContext | undefined;
    return {
      action: permission.action.toLowerCase(),
      resource: permission.resource,
      context: () => {
        context ??= requestContext(this.#cloud, principal, role, permission);
        return context;
      },
    };
  }

  #requester(principal: Principal, role: StoredRole | undefined): Requester {
    const { accountId } = this.#cloud;
    if (principal.kind === 'service') return { accountId, arns: [], service: principal.arn };
    return { accountId, arns: role ? [role.arn, principal.arn] : [principal.arn] };
  }

  #role(roleArn: string): StoredRole | undefined {
    const role = rolesOf(this.#cloud.store).get(roleNameOf(roleArn));
    return role?.arn === roleArn ? role : undefined;
  }

  #policiesOf(role: StoredRole): Policy[] {
    const own = policiesOf(this.#cloud.store);
    const managed = role.attached.map((arn) => own.get(arn)?.document ?? managedPolicyDocument(arn));
    return [...Object.values(role.inline), ...managed].map((document) => readPolicy(document, 'identity'));
  }

  #recordOf(roleName: string): AccessRecord {
    let record = this.#records.get(roleName);
    if (!record) {
      record = new AccessRecord();
      this.#records.set(roleName, record);
    }
    return record;
  }
}

/** Roles and keys are guarded by their own policy first: an identity's policy alone does not open them. */
function needsBoth(action: string): boolean {
  return action.startsWith('kms:') || action.startsWith('sts:');
}

function refusal(identity: Verdict, resource: Verdict, both: boolean): DenialReason | undefined {
  if (identity.effect === 'Deny') return 'identity denies it';
  if (resource.effect === 'Deny') return 'resource denies it';
  if (resource.effect === 'Allow' && resource.direct) return undefined;
  if (identity.effect !== 'Allow') return 'nothing allows it';
  return both && resource.effect !== 'Allow' ? 'resource does not allow it' : undefined;
}
