import type { Cloud, Permission, Principal } from '../service.ts';
import type { RequestContext } from './conditions.ts';
import type { StoredRole } from './identities.ts';

/** The condition keys of one request, in lower case. `conditions` of the permission win over the keys of every request. */
export function requestContext(
  cloud: Pick<Cloud, 'accountId' | 'region' | 'clock'>,
  principal: Principal,
  role: StoredRole | undefined,
  permission: Permission,
): RequestContext {
  const now = cloud.clock.now();
  const context = new Map<string, string | readonly string[]>([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:requestedregion', cloud.region],
    ['aws:resourceaccount', cloud.accountId],
    // Requests come over loopback, which nobody can listen in on: policies that demand TLS are met, as they are on AWS,
    // where every SDK uses TLS. Otherwise no template that enforces TLS could run here.
    ['aws:securetransport', 'true'],
    ['s3:tlsversion', '1.3'],
    ['aws:viaawsservice', String(principal.via !== undefined)],
    ['aws:principalisawsservice', String(principal.kind === 'service')],
  ]);
  if (principal.via !== undefined) context.set('kms:viaservice', `${principal.via}.${cloud.region}.amazonaws.com`);
  if (principal.kind === 'service') {
    context.set('aws:principalservicename', principal.arn);
    context.set('aws:sourceaccount', cloud.accountId);
    // Topics without a policy of their own let the account's alarms publish, and nobody else: CloudWatch alone names an owner.
    if (principal.arn === 'cloudwatch.amazonaws.com') context.set('aws:sourceowner', cloud.accountId);
    if (principal.sourceArn) context.set('aws:sourcearn', principal.sourceArn);
  } else {
    context.set('aws:sourceip', '127.0.0.1');
    context.set('aws:principalaccount', cloud.accountId);
    context.set('kms:calleraccount', cloud.accountId);
    context.set('aws:principalarn', role?.arn ?? principal.arn);
    context.set('aws:principaltype', principal.kind === 'root' ? 'Account' : 'AssumedRole');
    context.set('aws:userid', role ? `${role.id}:${principal.arn.split('/').at(-1)}` : cloud.accountId);
  }
  for (const [key, value] of Object.entries(permission.conditions ?? {})) context.set(key.toLowerCase(), value);
  return context;
}
