import { AwsError } from '../aws-error.ts';
import type { InterceptedCall } from '../cloud.ts';

/**
 * Leaves the caller without an answer: over HTTP its connection breaks; a service of this cloud gets the error that its
 * own client would make of that.
 */
export function loseAnswer({ context, service, operation }: InterceptedCall): AwsError {
  context.disconnect?.();
  return new AwsError(
    'SdkClientException',
    `Unable to execute HTTP request: no answer to ${service}:${operation}`,
    500,
  );
}
