import { meets, type RequestContext } from './conditions.ts';
import type { Patterns, Policy, Principals, Statement } from './policy.ts';
import { expandVariables } from './policy-variables.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** One thing that somebody wants to do. */
export interface AccessRequest {
  /** In lower case: actions are compared without regard to case. */
  readonly action: string;
  readonly resource: string;
  /** Built when a condition asks for it first. */
  readonly context: () => RequestContext;
}

/** How a resource policy names the one who asks. */
export interface Requester {
  readonly accountId: string;
  /** Of a session: its own ARN and that of its role. */
  readonly arns: readonly string[];
  /** Of a service: its name. */
  readonly service?: string;
}

/** What the statements say: `undefined` where none of them speaks of the request. */
export interface Verdict {
  readonly effect?: 'Allow' | 'Deny';
  readonly statement?: Statement;
  /** Allowed to the requester itself, rather than to the account that it belongs to. */
  readonly direct: boolean;
}

const silence: Verdict = { direct: false };

/** Puts a request to identity policies. */
export function evaluateIdentity(policies: readonly Policy[], request: AccessRequest): Verdict {
  let allowed: Statement | undefined;
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (allowed && statement.effect === 'Allow') continue;
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return { effect: 'Deny', statement, direct: true };
      allowed = statement;
    }
  }
  return allowed ? { effect: 'Allow', statement: allowed, direct: true } : silence;
}

/** Puts a request to the policy of the resource that it is about. */
export function evaluateResource(policy: Policy, request: AccessRequest, requester: Requester): Verdict {
  let allowed: Verdict = silence;
  for (const statement of policy.statements) {
    const named = statement.principals ? names(statement.principals, requester) : undefined;
    if (!named || !applies(statement, request)) continue;
    if (statement.effect === 'Deny') return { effect: 'Deny', statement, direct: true };
    if (!allowed.direct) allowed = { effect: 'Allow', statement, direct: named === 'itself' };
  }
  return allowed;
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const expand = (value: string) => expandVariables(value, request.context);
  return (
    includes(statement.actions, (pattern) => matchesWildcard(pattern, request.action)) &&
    (!statement.resources ||
      includes(statement.resources, (pattern) => matchesArn(expand(pattern), request.resource))) &&
    statement.conditions.every((condition) => meets(condition, request.context(), expand))
  );
}

function includes({ not, patterns }: Patterns, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== not;
}

/** `account`: the policy trusts the whole account, whose identity policies decide further. */
function names(principals: Principals, requester: Requester): 'itself' | 'account' | undefined {
  const { accountId, arns, service } = requester;
  const account = [accountId, `arn:aws:iam::${accountId}:root`];
  const itself =
    principals.everyone ||
    (service ? principals.services.includes(service) : principals.aws.some((one) => arns.includes(one)));
  const byAccount = !service && principals.aws.some((one) => account.includes(one));
  if (principals.not) return itself || byAccount ? undefined : 'itself';
  return itself ? 'itself' : byAccount ? 'account' : undefined;
}
