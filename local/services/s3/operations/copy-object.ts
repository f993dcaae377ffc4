import type { Operation } from '../../../service.ts';
import { askedAlgorithm } from '../body-checks.ts';
import type { Bucket } from '../bucket.ts';
import type { ByteRange } from '../byte-range.ts';
import { checkCopySource, conditionalWrite } from '../conditions.ts';
import { parseCopySource } from '../copy-source.ts';
import type { Algorithm } from '../digest.ts';
import { s3Error } from '../errors.ts';
import { ObjectBody } from '../object-body.ts';
import { writtenObject } from '../object-input.ts';
import { checksumMembers, encryptionMembers, versionMembers } from '../object-output.ts';
import type { ObjectVersion } from '../object-version.ts';
import { receiveBody } from '../receive-body.ts';
import type { S3State } from '../s3-state.ts';
import { receivePart } from '../upload-part.ts';
import { readVersion } from './get-object.ts';

const longestCopyBytes = 5 * 1024 ** 3;

export function copyObject(s3: S3State): Operation {
  return async (input, context) => {
    const bucket = s3.buckets.get(input.Bucket);
    const source = sourceVersion(s3, input);
    if (source.version.size > longestCopyBytes) {
      throw s3Error(
        'InvalidRequest',
        {},
        `The specified copy source is larger than the maximum allowable size for a copy source: ${longestCopyBytes}`,
      );
    }
    const asked = describedCopy(bucket, source.version, input);
    await s3.encryption.decrypt(source.bucket.record.name, source.version, context);
    const described = await s3.encryption.encrypt(input.Bucket, asked, context);
    return conditionalWrite(bucket, input, async (commit) => {
      const data = await copiedData(s3, source.version, askedAlgorithm(input.ChecksumAlgorithm));
      try {
        const version = commit(() =>
          s3.writes.create(s3.buckets.get(input.Bucket), { ...described, ...data }, 'CopyObject', context),
        );
        return {
          CopyObjectResult: {
            ETag: `"${version.etag}"`,
            LastModified: new Date(version.lastModified),
            ...checksumMembers(version),
          },
          ...sourceMembers(source),
          ...versionMembers(bucket, version),
          ...encryptionMembers(version),
        };
      } catch (error) {
        for (const part of data.parts) s3.files.remove(part);
        throw error;
      }
    });
  };
}

export function uploadPartCopy(s3: S3State): Operation {
  return async (input, context) => {
    const upload = s3.uploads.get(s3.buckets.get(input.Bucket), input);
    const source = sourceVersion(s3, input);
    await s3.encryption.decrypt(source.bucket.record.name, source.version, context);
    await s3.encryption.decrypt(input.Bucket, upload.record.object, context);
    const { size, parts } = source.version;
    const { start, end } = copiedRange(input.CopySourceRange, size);
    const Body = new ObjectBody(s3.files, parts, start, end);
    const part = await receivePart(s3, upload, { PartNumber: input.PartNumber, Body });
    const { algorithm } = upload.record;
    const checksums = algorithm ? { [algorithm]: part.checksums[algorithm]! } : {};
    return {
      CopyPartResult: {
        ETag: `"${part.etag}"`,
        LastModified: new Date(part.lastModified),
        ...checksumMembers({ checksums }),
      },
      ...sourceMembers(source),
      ...encryptionMembers(upload.record.object),
    };
  };
}

interface Source {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
}

function sourceVersion({ buckets }: S3State, input: any): Source {
  const { bucket: name, key, versionId } = parseCopySource(String(input.CopySource ?? ''));
  const bucket = buckets.get(name);
  const version = readVersion(bucket, { Key: key, ...(versionId && { VersionId: versionId }) });
  checkCopySource(version, input);
  return { bucket, version };
}

const sourceMembers = ({ bucket, version }: Source) =>
  bucket.record.versioning === undefined ? {} : { CopySourceVersionId: version.versionId };

/** Unlike that of a read, the range of a copy names both ends, and both are inside. */
function copiedRange(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, end: size };
  const details = { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header };
  const [, first, last] = (/^bytes=(\d+)-(\d+)$/.exec(header) ?? []).map(Number);
  if (first === undefined || last === undefined || first > last) {
    const form =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
    throw s3Error('InvalidArgument', details, form);
  }
  if (last < size) return { start: first, end: last + 1 };
  throw s3Error('InvalidArgument', details, `Range specified is not valid for source object of size: ${size}`);
}

/** Headers, metadata and tags of the copy: those of the source, or of the request where its directive says REPLACE. */
function describedCopy(bucket: Bucket, source: ObjectVersion, input: any) {
  const replaced = input.MetadataDirective === 'REPLACE';
  const { headers: asked, metadata, tags, key } = writtenObject(bucket, input);
  const {
    StorageClass: _,
    ServerSideEncryption: __,
    SSEKMSKeyId: ___,
    BucketKeyEnabled: ____,
    ...kept
  } = source.headers;
  const headers = replaced ? asked : { ...kept, ...ownHeaders(asked) };
  const sameObject = source.key === key && source.bucketId === bucket.record.id && bucket.current(key) === source;
  const changed = [input.StorageClass, input.ServerSideEncryption, input.WebsiteRedirectLocation].some(
    (value) => value !== undefined,
  );
  if (sameObject && !replaced && !changed) {
    const problem =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw s3Error('InvalidRequest', {}, problem);
  }
  const keptMetadata = replaced ? metadata : source.metadata;
  const keptTags = input.TaggingDirective === 'REPLACE' ? tags : source.tags;
  return { key, headers, ...(keptMetadata && { metadata: keptMetadata }), ...(keptTags && { tags: keptTags }) };
}

/** What a copy has of the request even where it keeps the metadata of its source. */
function ownHeaders({
  StorageClass,
  ServerSideEncryption,
  SSEKMSKeyId,
  BucketKeyEnabled,
  WebsiteRedirectLocation,
}: ObjectVersion['headers']) {
  const own = { StorageClass, ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, WebsiteRedirectLocation };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

/** A second name for the same file where that gives the copy's own tag and checksum, else a pass over the bytes. */
async function copiedData({ files }: S3State, source: ObjectVersion, algorithm: Algorithm | undefined) {
  const [part] = source.parts;
  const [known] = Object.keys(source.checksums) as Algorithm[];
  if (!source.multipart && part && (algorithm === undefined || algorithm === known)) {
    const { size, etag, checksums } = source;
    return { size, etag, checksums, checksumType: 'FULL_OBJECT' as const, parts: [await files.duplicate(part)] };
  }
  const Body = new ObjectBody(files, source.parts, 0, source.size);
  const { extent, md5, checksums } = await receiveBody(
    files,
    { Body },
    { fallback: algorithm ?? known ?? 'CRC64NVME' },
  );
  return {
    size: extent.size,
    etag: md5.toString('hex'),
    checksums,
    checksumType: 'FULL_OBJECT' as const,
    parts: [extent],
  };
}
