import type { Operation } from '../../../service.ts';
import { compareKeys } from '../key-order.ts';
import { checksumMembers } from '../object-output.ts';
import type { S3State } from '../s3-state.ts';
import type { Upload } from '../uploads.ts';
import { urlEncoder } from '../url-encoding.ts';
import { pageSize } from './list-objects.ts';

export function listParts({ buckets, uploads, cloud }: S3State): Operation {
  return async (input) => {
    const { record, parts } = uploads.get(buckets.get(input.Bucket), input);
    const limit = pageSize(input.MaxParts);
    const marker = Number(input.PartNumberMarker ?? 0);
    const all = [...parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
    const page = all.slice(0, limit);
    const owner = { ID: cloud.accountId };
    return {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: record.id,
      PartNumberMarker: String(marker),
      ...(all.length > limit && { NextPartNumberMarker: String(page.at(-1)?.number ?? marker) }),
      MaxParts: limit,
      IsTruncated: all.length > limit,
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.lastModified),
        ETag: `"${part.etag}"`,
        Size: part.size,
        ...checksumMembers({
          checksums: record.algorithm ? { [record.algorithm]: part.checksums[record.algorithm]! } : {},
        }),
      })),
      Initiator: owner,
      Owner: owner,
      StorageClass: record.object.headers.StorageClass ?? 'STANDARD',
      ...(record.algorithm && { ChecksumAlgorithm: record.algorithm, ChecksumType: record.checksumType }),
    };
  };
}

export function listMultipartUploads({ buckets, uploads, cloud }: S3State): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const encode = urlEncoder(input.EncodingType);
    const limit = pageSize(input.MaxUploads);
    const prefix = input.Prefix ?? '';
    const found = uploads.of(bucket).filter(({ record }) => record.object.key.startsWith(prefix));
    const all = grouped(found.sort(inOrder), prefix, input.Delimiter);
    const entries = all.slice(firstAfter(all, input.KeyMarker, input.UploadIdMarker));
    const page = entries.slice(0, limit);
    const last = page.at(-1);
    const owner = { ID: cloud.accountId };
    return {
      Bucket: input.Bucket,
      KeyMarker: encode(input.KeyMarker ?? ''),
      UploadIdMarker: input.UploadIdMarker ?? '',
      ...(entries.length > limit &&
        last && { NextKeyMarker: encode(last.name), NextUploadIdMarker: last.upload?.record.id ?? '' }),
      Prefix: encode(prefix),
      ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
      MaxUploads: limit,
      IsTruncated: entries.length > limit,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      Uploads: page
        .flatMap(({ upload }) => upload ?? [])
        .map(({ record }) => ({
          Key: encode(record.object.key),
          UploadId: record.id,
          Initiated: new Date(record.initiatedAt),
          StorageClass: record.object.headers.StorageClass ?? 'STANDARD',
          Initiator: owner,
          Owner: owner,
          ...(record.algorithm && { ChecksumAlgorithm: record.algorithm, ChecksumType: record.checksumType }),
        })),
      CommonPrefixes: page.filter(({ upload }) => !upload).map(({ name }) => ({ Prefix: encode(name) })),
    };
  };
}

/** An upload by its key, or a prefix that several share. */
interface Entry {
  readonly name: string;
  readonly upload?: Upload;
}

const inOrder = (a: Upload, b: Upload) =>
  compareKeys(a.record.object.key, b.record.object.key) ||
  a.record.initiatedAt - b.record.initiatedAt ||
  (a.record.id < b.record.id ? -1 : 1);

/** Where a page begins: after the upload that the markers name, or after all of the key where no id is given. */
function firstAfter(entries: readonly Entry[], keyMarker = '', uploadIdMarker = ''): number {
  const named = entries.findIndex(({ name, upload }) => name === keyMarker && upload?.record.id === uploadIdMarker);
  if (named >= 0) return named + 1;
  const index = entries.findIndex(({ name }) => compareKeys(name, keyMarker) > 0);
  return index < 0 ? entries.length : index;
}

function grouped(uploads: readonly Upload[], prefix: string, delimiter: string | undefined): Entry[] {
  const entries: Entry[] = [];
  for (const upload of uploads) {
    const { key } = upload.record.object;
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    if (cut < 0) entries.push({ name: key, upload });
    else if (entries.at(-1)?.name !== key.slice(0, cut + delimiter!.length))
      entries.push({ name: key.slice(0, cut + delimiter!.length) });
  }
  return entries;
}
