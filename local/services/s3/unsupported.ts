import { NotSupportedError } from '../../aws-error.ts';
import { s3Error } from './errors.ts';

/** Members that would change what an operation does and are not supported by any; each is refused by name. */
const unsupported = new Set([
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSECustomerKeyMD5',
  'CopySourceSSECustomerAlgorithm',
  'CopySourceSSECustomerKey',
  'CopySourceSSECustomerKeyMD5',
  'SSEKMSEncryptionContext',
  'GrantFullControl',
  'GrantRead',
  'GrantReadACP',
  'GrantWrite',
  'GrantWriteACP',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'ObjectLockLegalHoldStatus',
  'ObjectLockEnabledForBucket',
  'ObjectLockEventHold',
  'ObjectLockEventHoldDurationDays',
  'ObjectLockEventHoldDurationYears',
  'WriteOffsetBytes',
  'MFA',
  'BypassGovernanceRetention',
  'IfMatchLastModifiedTime',
  'IfMatchSize',
  'IfMatchInitiatedTime',
  'ChecksumXXHASH64',
  'ChecksumXXHASH3',
  'ChecksumXXHASH128',
  'BucketNamespace',
]);
const allowedAcls = ['private', 'bucket-owner-full-control'];

/** Throws for what cannot be honoured, and where the caller expects another owner. */
export function refuseUnsupported(operation: string, input: any, accountId: string): void {
  for (const name in input) {
    if (unsupported.has(name) && input[name] !== undefined && input[name] !== false) {
      throw new NotSupportedError(`s3:${operation} with ${name}`);
    }
  }
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== accountId) throw s3Error('AccessDenied');
  if (input.ExpectedSourceBucketOwner !== undefined && input.ExpectedSourceBucketOwner !== accountId)
    throw s3Error('AccessDenied');
  // Buckets are owned by one account, as new ones on AWS are: only an ACL that changes nothing is legal.
  if (input.ACL !== undefined && !allowedAcls.includes(input.ACL)) throw s3Error('AccessControlListNotSupported');
}
