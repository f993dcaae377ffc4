import type { Operation } from '../../../service.ts';
import { s3Error } from '../errors.ts';
import { listKeys } from '../listing.ts';
import type { ObjectVersion } from '../object-version.ts';
import type { S3State } from '../s3-state.ts';
import { urlEncoder } from '../url-encoding.ts';
import { pageSize } from './list-objects.ts';

interface Entry {
  readonly name: string;
  /** Absent for a common prefix. */
  readonly version?: ObjectVersion;
}

/** All versions and delete markers, by key, newest first. */
export function listObjectVersions({ buckets, cloud }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const encode = urlEncoder(input.EncodingType);
    const limit = pageSize(input.MaxKeys);
    const { KeyMarker, VersionIdMarker } = input;
    if (VersionIdMarker && !KeyMarker) {
      throw s3Error(
        'InvalidArgument',
        { ArgumentName: 'version-id-marker' },
        'A version-id marker cannot be specified without a key marker.',
      );
    }
    const prefix = input.Prefix ?? '';
    // One more than asked tells whether there is more.
    const options = {
      prefix,
      delimiter: input.Delimiter,
      after: KeyMarker || undefined,
      limit: limit + 1,
      include: () => true,
    };
    const rest = VersionIdMarker ? after(bucket.versions(KeyMarker), VersionIdMarker) : [];
    const entries: Entry[] = rest.map((version) => ({ name: KeyMarker, version }));
    for (const { name, isPrefix } of listKeys(bucket.keys, options).entries) {
      if (entries.length > limit) break;
      if (isPrefix) entries.push({ name });
      else entries.push(...bucket.versions(name).map((version) => ({ name, version })));
    }
    const page = entries.slice(0, limit);
    const last = page.at(-1);
    const truncated = limit > 0 && entries.length > limit;
    const described = (version: ObjectVersion) => ({
      Key: encode(version.key),
      VersionId: version.versionId,
      IsLatest: bucket.latest(version.key) === version,
      LastModified: new Date(version.lastModified),
      Owner: { ID: cloud.accountId },
    });
    const versions = page.flatMap(({ version }) => version ?? []);
    return {
      IsTruncated: truncated,
      KeyMarker: encode(KeyMarker ?? ''),
      VersionIdMarker: VersionIdMarker ?? '',
      ...(truncated && {
        NextKeyMarker: encode(last!.name),
        ...(last!.version && { NextVersionIdMarker: last!.version.versionId }),
      }),
      Name: input.Bucket,
      Prefix: encode(prefix),
      ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
      MaxKeys: limit,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      Versions: versions
        .filter((version) => !version.deleteMarker)
        .map((version) => ({
          ...described(version),
          ETag: `"${version.etag}"`,
          Size: version.size,
          StorageClass: version.headers.StorageClass ?? 'STANDARD',
          ...(version.checksumType && {
            ChecksumAlgorithm: Object.keys(version.checksums),
            ChecksumType: version.checksumType,
          }),
        })),
      DeleteMarkers: versions.filter((version) => version.deleteMarker).map(described),
      CommonPrefixes: page.filter(({ version }) => !version).map(({ name }) => ({ Prefix: encode(name) })),
    };
  };
}

function after(versions: readonly ObjectVersion[], versionId: string): readonly ObjectVersion[] {
  return versions.slice(versions.findIndex((version) => version.versionId === versionId) + 1);
}
