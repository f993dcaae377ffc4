import { AwsError } from '../aws-error.ts';
import type { Permission } from '../service.ts';
import type { AuthorizedCall } from './authorizer.ts';

/**
 * S3 tells that an object is missing only to those who may list the bucket; to everybody else it says AccessDenied.
 * Returns the permission that decides, or undefined where the error is no such answer. The check carries no prefix, so
 * that a policy that allows listing under a prefix only does not help, as on AWS.
 */
export function permissionToKnow(call: AuthorizedCall, error: unknown): Permission | undefined {
  const reads = call.service === 's3' && /^(Get|Head|Copy)/.test(call.operation);
  if (!reads || !(error instanceof AwsError) || !['NoSuchKey', 'NotFound'].includes(error.code)) return undefined;
  if (call.input.Key === undefined) return undefined;
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${missingFrom(call.input)}` };
}

/** Of a copy it is the source that is missing. */
function missingFrom({ Bucket, CopySource }: any): string {
  if (CopySource === undefined) return Bucket;
  return decodeURIComponent(String(CopySource)).replace(/^\//, '').split('/')[0]!;
}
