/** How a task waits: for the call's answer, for the job to end, or for its token to be returned. */
export type TaskPattern = 'request' | 'sync' | 'sync:2' | 'waitForTaskToken';

/** A Task state's `Resource`, taken apart. */
export type Resource =
  | { readonly kind: 'lambda'; readonly arn: string }
  | { readonly kind: 'activity'; readonly arn: string }
  | ServiceResource;

export interface ServiceResource {
  readonly kind: 'service';
  readonly arn: string;
  /** As history shows it: `lambda`, `sqs`, `aws-sdk:s3`. */
  readonly resourceType: string;
  /** `invoke`, `sendMessage`, `getObject`. */
  readonly action: string;
  /** Action and pattern as history shows them: `sendMessage.waitForTaskToken`. */
  readonly resource: string;
  readonly pattern: TaskPattern;
}

const patterns = new Set<string>(['sync', 'sync:2', 'waitForTaskToken']);

/** Takes a resource ARN apart; undefined where it is no resource that a Task can have. */
export function parseResource(arn: string): Resource | undefined {
  const parts = arn.split(':');
  if (parts[0] !== 'arn') return undefined;
  if (parts[2] === 'lambda' && parts[5] === 'function') return { kind: 'lambda', arn };
  if (parts[2] !== 'states') return undefined;
  if (parts[5] === 'activity') return { kind: 'activity', arn };
  const rest = parts.slice(5);
  const resourceType = rest[0] === 'aws-sdk' ? rest.splice(0, 2).join(':') : rest.shift();
  const resource = rest.join(':');
  if (!resourceType || !resource) return undefined;
  const dot = resource.indexOf('.');
  const pattern = dot < 0 ? 'request' : resource.slice(dot + 1);
  if (dot >= 0 && !patterns.has(pattern)) return undefined;
  return {
    kind: 'service',
    arn,
    resourceType,
    action: dot < 0 ? resource : resource.slice(0, dot),
    resource,
    pattern: pattern as TaskPattern,
  };
}
