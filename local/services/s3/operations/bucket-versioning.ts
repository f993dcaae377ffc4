import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import type { S3State } from '../s3-state.ts';

export function putBucketVersioning({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const versioning = input.VersioningConfiguration?.Status;
    if (versioning !== 'Enabled' && versioning !== 'Suspended')
      throw s3Error('IllegalVersioningConfigurationException');
    buckets.change(bucket, { versioning });
  };
}

export function getBucketVersioning({ buckets }: S3State): Operation {
  return async (input) => {
    const { versioning } = buckets.get(input.Bucket).record;
    return versioning === undefined ? {} : { Status: versioning };
  };
}
