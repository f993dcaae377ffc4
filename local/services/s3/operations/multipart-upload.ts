import type { Operation } from '../../../service.ts';
import { askedAlgorithm } from '../body-checks.ts';
import { isCombinable } from '../crc-combine.ts';
import type { Algorithm } from '../digest.ts';
import { s3Error } from '../errors.ts';
import { writtenObject } from '../object-input.ts';
import { checksumMembers, encryptionMembers } from '../object-output.ts';
import type { S3State } from '../s3-state.ts';
import { receivePart } from '../upload-part.ts';

export function createMultipartUpload({ buckets, uploads, encryption }: S3State): Operation {
  return async (input, context) => {
    const bucket = buckets.get(input.Bucket);
    const asked = writtenObject(bucket, input);
    const algorithm = askedAlgorithm(input.ChecksumAlgorithm);
    const checksumType = chosenType(algorithm, input.ChecksumType);
    const object = await encryption.encrypt(input.Bucket, asked, context);
    const record = uploads.create({
      bucketId: bucket.record.id,
      object,
      checksumType,
      ...(algorithm && { algorithm }),
    });
    return {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: record.id,
      ...(algorithm && { ChecksumAlgorithm: algorithm, ChecksumType: checksumType }),
      ...encryptionMembers(object),
    };
  };
}

export function uploadPart(s3: S3State): Operation {
  return async (input, context) => {
    const upload = s3.uploads.get(s3.buckets.get(input.Bucket), input);
    await s3.encryption.decrypt(input.Bucket, upload.record.object, context);
    const part = await receivePart(s3, upload, input);
    const { algorithm } = upload.record;
    // The CRC64NVME that is kept for an upload that named no algorithm is not told where the part came with another.
    const { CRC64NVME, ...given } = part.checksums;
    const own = algorithm ? { [algorithm]: part.checksums[algorithm]! } : given;
    const shown = Object.keys(own).length > 0 ? own : { CRC64NVME };
    return {
      ETag: `"${part.etag}"`,
      ...checksumMembers({ checksums: shown }),
      ...encryptionMembers(upload.record.object),
    };
  };
}

export function abortMultipartUpload({ buckets, uploads }: S3State): Operation {
  return async (input) => uploads.abort(uploads.get(buckets.get(input.Bucket), input));
}

/** Of a whole where that can be had from the parts and is asked for; CRC64NVME and the unnamed default always are. */
function chosenType(algorithm: Algorithm | undefined, asked: string | undefined): 'FULL_OBJECT' | 'COMPOSITE' {
  const usual = algorithm === undefined || algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = asked ?? usual;
  const possible =
    type === 'COMPOSITE'
      ? algorithm !== undefined && algorithm !== 'CRC64NVME'
      : algorithm === undefined || isCombinable(algorithm);
  if ((type === 'FULL_OBJECT' || type === 'COMPOSITE') && possible) return type;
  const problem = `The ${type} checksum type cannot be used with the ${algorithm?.toLowerCase()} checksum algorithm.`;
  throw s3Error('InvalidRequest', {}, problem);
}
