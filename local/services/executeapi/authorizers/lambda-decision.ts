import { AwsError } from '../../../aws-error.ts';
import { evaluateIdentity } from '../../../iam/evaluate.ts';
import { readPolicy } from '../../../iam/policy.ts';
import { anonymous } from '../../../iam/principals.ts';
import { requestContext } from '../../../iam/request-context.ts';
import type { Cloud } from '../../../service.ts';
import { ApiFailure } from '../api-failure.ts';

/** What a Lambda authorizer answered: yes or no, or a policy that says so for each call. */
export type Decision =
  | { readonly isAuthorized: boolean; readonly context: Context }
  | { readonly policy: string; readonly principalId: string; readonly context: Context };

type Context = Readonly<Record<string, unknown>> | null;

/** Reads the answer of an authorizer. Throws ApiFailure 500 where it is none. */
export function readDecision(payload: string, simple: boolean): Decision {
  const answer = parsed(payload);
  const context = typeof answer?.context === 'object' ? answer.context : null;
  if (simple) {
    if (typeof answer?.isAuthorized !== 'boolean') throw unusable('isAuthorized is not true or false');
    return { isAuthorized: answer.isAuthorized, context };
  }
  if (typeof answer?.principalId !== 'string') throw unusable('principalId is missing');
  if (typeof answer.policyDocument !== 'object') throw unusable('policyDocument is missing');
  const policy = JSON.stringify(answer.policyDocument);
  try {
    readPolicy(policy, 'identity');
  } catch (error) {
    if (error instanceof AwsError) throw unusable(error.message);
    throw error;
  }
  return { policy, principalId: answer.principalId, context };
}

/** Whether the decision lets a call of `resource` pass. */
export function permits(cloud: Cloud, decision: Decision, resource: string): boolean {
  if ('isAuthorized' in decision) return decision.isAuthorized;
  const permission = { action: 'execute-api:Invoke', resource };
  const { effect } = evaluateIdentity([readPolicy(decision.policy, 'identity')], {
    action: permission.action.toLowerCase(),
    resource,
    context: () => requestContext(cloud, anonymous, undefined, permission),
  });
  return effect === 'Allow';
}

function parsed(payload: string): any {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function unusable(reason: string): ApiFailure {
  return new ApiFailure(500, `The authorizer's answer cannot be used: ${reason}`);
}
