import type { Operation } from '../../../service.ts';
import { conditionalWrite } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import { writtenObject } from '../object-input.ts';
import { checksumMembers, encryptionMembers, versionMembers } from '../object-output.ts';
import { receiveBody } from '../receive-body.ts';
import type { S3State } from '../s3-state.ts';

const longestObjectBytes = 5 * 1024 ** 3;

/** Stores an object; data and index are on disk when it answers. */
export function putObject({ buckets, files, writes, encryption }: S3State): Operation {
  return async (input, context) => {
    const bucket = buckets.get(input.Bucket);
    const asked = writtenObject(bucket, input);
    if (input.ContentLength > longestObjectBytes)
      throw s3Error('EntityTooLarge', { ProposedSize: input.ContentLength });
    const described = await encryption.encrypt(input.Bucket, asked, context);
    return conditionalWrite(bucket, input, async (commit) => {
      const body = await receiveBody(files, input, { fallback: 'CRC64NVME' });
      const etag = body.md5.toString('hex');
      try {
        if (body.extent.size > longestObjectBytes) throw s3Error('EntityTooLarge', { ProposedSize: body.extent.size });
        const version = commit(() =>
          writes.create(
            // A bucket deleted during the upload must not come back.
            buckets.get(input.Bucket),
            {
              ...described,
              size: body.extent.size,
              etag,
              parts: [body.extent],
              checksums: body.checksums,
              checksumType: 'FULL_OBJECT',
            },
            'PutObject',
            context,
          ),
        );
        return {
          ETag: `"${etag}"`,
          ...checksumMembers(version),
          ...versionMembers(bucket, version),
          ...encryptionMembers(version),
        };
      } catch (error) {
        files.remove(body.extent);
        throw error;
      }
    });
  };
}
