import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Principal } from '../../../service.ts';
import { ApiFailure } from '../api-failure.ts';

export interface Invocation {
  readonly functionArn: string;
  readonly event: object;
  /** The role to invoke as; without it the function's own policy must let API Gateway in. */
  readonly credentialsArn?: string;
  /** `arn:aws:execute-api:…:<ApiId>/<stage>/<method>/<path>` */
  readonly sourceArn: string;
  /** The status of the failure where the function itself fails. Default 500. */
  readonly failureStatus?: number;
}

/** Invokes a function and returns its answer as text. Throws ApiFailure where it fails, or may not or cannot be invoked. */
export async function invokeFunction(cloud: Cloud, invocation: Invocation): Promise<string> {
  const { functionArn: FunctionName, event, sourceArn, failureStatus = 500 } = invocation;
  let output: any;
  try {
    const Payload = Buffer.from(JSON.stringify(event));
    output = await cloud.call('lambda', 'Invoke', { FunctionName, Payload }, integrationPrincipal(cloud, invocation));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ApiFailure(statusOf(error), `${error.message} (source ${sourceArn})`);
  }
  const text = Buffer.from(output.Payload ?? '').toString('utf8');
  if (!output.FunctionError) return text;
  throw new ApiFailure(failureStatus, `The Lambda function returned the following error: ${text}`);
}

/** As whom an integration calls: a role, or the service for this one route of an API. */
export function integrationPrincipal(
  cloud: Cloud,
  { credentialsArn, sourceArn }: Pick<Invocation, 'credentialsArn' | 'sourceArn'>,
): Principal {
  const service = 'apigateway.amazonaws.com';
  if (credentialsArn === undefined) return { kind: 'service', arn: service, sourceArn };
  return cloud.assume(credentialsArn, 'BackplaneAssumeRoleSession', { service, sourceArn });
}

function statusOf({ code }: AwsError): number {
  if (code === 'RequestTooLargeException') return 413;
  return code === 'TooManyRequestsException' ? 503 : 500;
}
