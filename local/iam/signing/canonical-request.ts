import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Authorization } from './authorization.ts';

export interface SignedRequest {
  readonly method: string;
  /** As it stands in the request line: path and query, percent-encoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Digest of the body in hex, or one of the words that stand for it (`UNSIGNED-PAYLOAD`, `STREAMING-…`). */
  readonly payloadHash: string;
}

/** The text that signature version 4 signs for a request, as a digest in hex. */
export function canonicalRequestHash(request: SignedRequest, { service, signedHeaders }: Authorization): string {
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = mark < 0 ? '' : request.target.slice(mark + 1);
  const canonical = [
    request.method,
    // S3 signs paths as they are sent; every other service encodes them once more.
    service === 's3' ? path : encode(path).replaceAll('%2F', '/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${headerValue(request.headers[name])}`),
    '',
    signedHeaders.join(';'),
    request.payloadHash,
  ].join('\n');
  return hash('sha256', canonical);
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    });
  return pairs
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map((pair) => pair.join('='))
    .join('&');
}

function headerValue(value: string | string[] | undefined): string {
  return [value ?? ''].flat().join(',').trim().replace(/\s+/g, ' ');
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not legal percent-encoding: what was signed cannot be known, and the signature will not match.
    return text;
  }
}
