import { createHash } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import { claimedChecksums } from '../body-checks.ts';
import { conditionalWrite } from '../conditions.ts';
import { combinedCrc } from '../crc-combine.ts';
import { type Algorithm, createDigest } from '../digest.ts';
import { s3Error } from '../errors.ts';
import { checksumMembers, encryptionMembers, versionMembers } from '../object-output.ts';
import type { S3State } from '../s3-state.ts';
import type { Upload, UploadedPart } from '../uploads.ts';

const smallestPartBytes = 5 * 1024 ** 2;

/** Makes the parts listed one object. Their files stay as they are: nothing is copied, whatever the size. */
export function completeMultipartUpload({ cloud, buckets, uploads, writes, encryption }: S3State): Operation {
  return async (input, context) => {
    const bucket = buckets.get(input.Bucket);
    const upload = uploads.get(bucket, input);
    const parts = listedParts(upload, input.MultipartUpload?.Parts ?? []);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== size) {
      throw s3Error(
        'InvalidRequest',
        {},
        `The provided 'x-amz-mp-object-size' header does not match what was computed.`,
      );
    }
    const algorithm = upload.record.algorithm ?? 'CRC64NVME';
    const checksum = wholeChecksum(algorithm, upload.record.checksumType, parts);
    checkClaim(input, algorithm, upload, checksum);
    await encryption.decrypt(input.Bucket, upload.record.object, context);
    const etag = `${md5(parts.map((part) => Buffer.from(part.etag, 'hex')))}-${parts.length}`;
    return conditionalWrite(bucket, input, async (commit) => {
      let cleanUp = () => {};
      const version = commit(() =>
        writes.create(
          bucket,
          {
            ...upload.record.object,
            size,
            etag,
            multipart: true,
            parts: parts.map(({ lastModified: _, ...part }) => part),
            checksums: { [algorithm]: checksum },
            checksumType: upload.record.checksumType,
          },
          'CompleteMultipartUpload',
          context,
          () => {
            cleanUp = uploads.end(upload, new Set(parts));
          },
        ),
      );
      cleanUp();
      return {
        Location: `${cloud.endpoint}/${input.Bucket}/${encodeURIComponent(input.Key)}`,
        Bucket: input.Bucket,
        Key: input.Key,
        ETag: `"${etag}"`,
        ...checksumMembers(version),
        ...versionMembers(bucket, version),
        ...encryptionMembers(version),
      };
    });
  };
}

function listedParts(upload: Upload, listed: readonly any[]): UploadedPart[] {
  if (listed.length === 0) throw s3Error('MalformedXML');
  const parts = listed.map((each, index) => {
    if (index > 0 && each.PartNumber <= listed[index - 1].PartNumber) throw s3Error('InvalidPartOrder');
    const part = upload.parts.get(each.PartNumber);
    const invalid = { UploadId: upload.record.id, PartNumber: each.PartNumber, ETag: each.ETag };
    if (part?.etag !== String(each.ETag ?? '').replaceAll('"', '')) throw s3Error('InvalidPart', invalid);
    for (const [algorithm, given] of Object.entries(claimedChecksums(each))) {
      // Of an upload that named no algorithm the parts have no checksum that could be told.
      const known = algorithm === upload.record.algorithm ? part.checksums[algorithm] : undefined;
      if (given !== known) throw s3Error('InvalidPart', invalid);
    }
    checkPartChecksum(upload, each);
    return part;
  });
  const short = parts.slice(0, -1).find((part) => part.size < smallestPartBytes);
  if (!short) return parts;
  const details = {
    PartNumber: short.number,
    ProposedSize: short.size,
    MinSizeAllowed: smallestPartBytes,
    ETag: short.etag,
  };
  throw s3Error('EntityTooSmall', details);
}

/** A composite checksum is made of what the caller says of each part. */
function checkPartChecksum({ record: { algorithm, checksumType } }: Upload, listed: any): void {
  if (!algorithm || checksumType !== 'COMPOSITE' || listed[`Checksum${algorithm}`] !== undefined) return;
  const problem = `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${listed.PartNumber} in the request.`;
  throw s3Error('InvalidRequest', {}, problem);
}

function wholeChecksum(
  algorithm: Algorithm,
  type: 'FULL_OBJECT' | 'COMPOSITE',
  parts: readonly UploadedPart[],
): string {
  const digests = parts.map((part) => Buffer.from(part.checksums[algorithm]!, 'base64'));
  if (type === 'FULL_OBJECT') {
    const sized = parts.map(({ size }, index) => ({ crc: digests[index]!, size }));
    return combinedCrc(algorithm, sized).toString('base64');
  }
  const digest = createDigest(algorithm);
  for (const each of digests) digest.update(each);
  return `${digest.digest().toString('base64')}-${parts.length}`;
}

function checkClaim(input: any, algorithm: Algorithm, { record }: Upload, checksum: string): void {
  if (input.ChecksumType !== undefined && input.ChecksumType !== record.checksumType) {
    throw s3Error('InvalidRequest', {}, `The upload was created with the checksum type ${record.checksumType}.`);
  }
  const claimed = input[`Checksum${algorithm}`];
  if (claimed === undefined || claimed === checksum || claimed === checksum.replace(/-\d+$/, '')) return;
  throw s3Error('BadDigest', {}, `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`);
}

function md5(chunks: readonly Buffer[]): string {
  const hash = createHash('md5');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
