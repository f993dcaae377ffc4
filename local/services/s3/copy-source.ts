import { s3Error } from './errors.ts';

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** Reads `/bucket/key?versionId=id`, with an encoded key. */
export function parseCopySource(source: string): CopySource {
  const [path, query] = source.split(/\?(?=versionId=)/) as [string, string?];
  const match = /^\/?([^/]+)\/(.+)$/s.exec(path);
  const versionId = query?.slice('versionId='.length);
  try {
    if (match) return { bucket: match[1]!, key: decodeURIComponent(match[2]!), ...(versionId && { versionId }) };
  } catch {
    // A key that is not encoded is told below.
  }
  throw s3Error(
    'InvalidArgument',
    { ArgumentName: 'x-amz-copy-source', ArgumentValue: source },
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
  );
}
