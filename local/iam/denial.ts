import { AwsError } from '../aws-error.ts';
import type { Permission, Principal } from '../service.ts';

export type DenialReason =
  | 'nothing allows it'
  | 'resource does not allow it'
  | 'identity denies it'
  | 'resource denies it';

interface DenialForm {
  readonly code: string;
  readonly statusCode: number;
}

/** How services say no, where it is not the `AccessDeniedException` with status 400 of AWS JSON. */
const forms: Readonly<Record<string, DenialForm>> = {
  s3: { code: 'AccessDenied', statusCode: 403 },
  sqs: { code: 'AccessDenied', statusCode: 403 },
  sns: { code: 'AuthorizationError', statusCode: 403 },
  iam: { code: 'AccessDenied', statusCode: 403 },
  sts: { code: 'AccessDenied', statusCode: 403 },
  monitoring: { code: 'AccessDenied', statusCode: 403 },
  lambda: { code: 'AccessDeniedException', statusCode: 403 },
  scheduler: { code: 'AccessDeniedException', statusCode: 403 },
  apigateway: { code: 'AccessDeniedException', statusCode: 403 },
  ses: { code: 'AccessDeniedException', statusCode: 403 },
  'execute-api': { code: 'AccessDeniedException', statusCode: 403 },
};

/** AWS's sentence on who may not do what, and which kind of policy is the reason. */
export function denial(
  principal: Principal,
  { action, resource }: Permission,
  reason: DenialReason,
  service: string,
): AwsError {
  const { code, statusCode } = forms[service] ?? { code: 'AccessDeniedException', statusCode: 400 };
  const because = {
    'nothing allows it':
      principal.kind === 'service'
        ? `because no resource-based policy allows the ${action} action`
        : `because no identity-based policy allows the ${action} action`,
    'resource does not allow it': `because no resource-based policy allows the ${action} action`,
    'identity denies it': 'with an explicit deny in an identity-based policy',
    'resource denies it': 'with an explicit deny in a resource-based policy',
  }[reason];
  const shown = service === 's3' ? `"${resource}"` : resource;
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${shown} ${because}`;
  return new AwsError(code, message, statusCode);
}
