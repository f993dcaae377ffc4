import { AwsError } from '../../aws-error.ts';
import type { Resource } from '../resource.ts';
import { StatesError } from '../states-error.ts';
import { exceptionName } from './exception-name.ts';
import type { Integration } from './integration.ts';

/** A service's error as the failure of the task that called it: AWS's error name and cause. */
export function taskFailure(error: unknown, resource: Resource, integration: Integration, requestId: string): unknown {
  if (!(error instanceof AwsError)) return error;
  const sdk = resource.kind === 'service' && resource.resourceType.startsWith('aws-sdk:');
  const name = `${integration.errorPrefix}.${exceptionName(error, integration)}`;
  const cause = sdk ? newCause(error, integration, requestId) : oldCause(error, integration, requestId);
  return new StatesError(name, cause, { fromTask: true });
}

/** As the SDK for Java 2 words it, through which `aws-sdk:` integrations go. */
function newCause(error: AwsError, { serviceName }: Integration, requestId: string): string {
  // S3 has two ids of a request, the second one in a header of its own.
  const extended = serviceName === 'S3' ? `, Extended Request ID: ${requestId}` : '';
  return `${error.message} (Service: ${serviceName}, Status Code: ${error.statusCode}, Request ID: ${requestId}${extended})`;
}

/** As the SDK for Java 1 words it, through which optimized integrations go. */
function oldCause(error: AwsError, { serviceName }: Integration, requestId: string): string {
  return `${error.message} (Service: ${serviceName}; Status Code: ${error.statusCode}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`;
}
