import type { Operation } from '../../../service.ts';
import type { S3State } from '../s3-state.ts';
import { readVersion } from './get-object.ts';

/** Buckets are owned by one account and have no access control lists of their own: the owner may do everything. */
const ownersAcl = (accountId: string) => ({
  Owner: { ID: accountId },
  Grants: [{ Grantee: { Type: 'CanonicalUser', ID: accountId }, Permission: 'FULL_CONTROL' }],
});

export function getBucketAcl({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    buckets.get(input.Bucket);
    return ownersAcl(cloud.accountId);
  };
}

export function getObjectAcl({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    readVersion(buckets.get(input.Bucket), input);
    return ownersAcl(cloud.accountId);
  };
}
