import type { Operation } from '../../../service.ts';
import { checkRead } from '../conditions.ts';
import { checksumMembers, versionMembers } from '../object-output.ts';
import type { ObjectVersion } from '../object-version.ts';
import type { S3State } from '../s3-state.ts';
import { readVersion } from './get-object.ts';
import { pageSize } from './list-objects.ts';

export function getObjectAttributes({ buckets }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const version = readVersion(bucket, input);
    checkRead(version, input);
    const asked = new Set<string>((input.ObjectAttributes ?? []) as string[]);
    return {
      LastModified: new Date(version.lastModified),
      ...versionMembers(bucket, version),
      ...(asked.has('ETag') && { ETag: version.etag }),
      ...(asked.has('Checksum') && { Checksum: checksumMembers(version) }),
      ...(asked.has('ObjectSize') && { ObjectSize: version.size }),
      ...(asked.has('StorageClass') && { StorageClass: version.headers.StorageClass ?? 'STANDARD' }),
      ...(asked.has('ObjectParts') && version.multipart && { ObjectParts: objectParts(version, input) }),
    };
  };
}

function objectParts(version: ObjectVersion, input: any) {
  const limit = pageSize(input.MaxParts);
  const marker = Number(input.PartNumberMarker ?? 0);
  const [algorithm] = Object.keys(version.checksums) as (keyof ObjectVersion['checksums'])[];
  const all = version.parts.filter((part) => part.number! > marker);
  const page = all.slice(0, limit);
  return {
    TotalPartsCount: version.parts.length,
    PartNumberMarker: String(marker),
    ...(all.length > limit && { NextPartNumberMarker: String(page.at(-1)?.number ?? marker) }),
    MaxParts: limit,
    IsTruncated: all.length > limit,
    Parts: page.map(({ number, size, checksums }) => ({
      PartNumber: number,
      Size: size,
      ...(algorithm && checksumMembers({ checksums: { [algorithm]: checksums![algorithm]! } })),
    })),
  };
}
