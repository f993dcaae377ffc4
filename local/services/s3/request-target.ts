import type { IncomingMessage } from 'node:http';
import type { RequestTarget } from '../../protocols/rest-xml/router.ts';
import { s3Error } from './errors.ts';

/** Host names under which a bucket may stand in front, e.g. `bucket.localhost` and `bucket.s3.localhost`. */
const virtualHost = /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost$/;

/**
 * Reads bucket, key, query and headers off the raw request line: a URL object would fold `..` and `//` in keys.
 * `X-Amz-` parameters of a presigned URL count as headers.
 */
export function requestTarget(request: IncomingMessage): RequestTarget {
  const raw = request.url ?? '/';
  const mark = raw.indexOf('?');
  const path = mark < 0 ? raw : raw.slice(0, mark);
  const query = new Map(mark < 0 ? [] : new URLSearchParams(raw.slice(mark + 1)));
  const host = String(request.headers.host ?? '').replace(/:\d+$/, '');
  const bucketOfHost = virtualHost.exec(host)?.[1];
  const rest = path.replace(/^\//, '');
  const slash = rest.indexOf('/');
  const bucket = bucketOfHost ?? decoded(slash < 0 ? rest : rest.slice(0, slash));
  const key = decoded(bucketOfHost ? rest : slash < 0 ? '' : rest.slice(slash + 1));
  return {
    method: request.method ?? 'GET',
    ...(bucket !== '' && { bucket }),
    ...(key !== '' && { key }),
    query,
    headers: query.has('X-Amz-Signature') ? { ...request.headers, ...hoistedHeaders(query) } : request.headers,
  };
}

/** A checksum in a presigned URL is that of the empty body that its signer had, and is ignored, as on AWS. */
const notHoisted = /^x-amz-(?:checksum-(?!mode)|sdk-checksum-algorithm)/;

function hoistedHeaders(query: ReadonlyMap<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of query) {
    const header = name.toLowerCase();
    if (header.startsWith('x-amz-') && !notHoisted.test(header)) result[header] = value;
  }
  return result;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidArgument', {}, `Couldn't parse the specified URI: ${text}`);
  }
}
