import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of its own signature, in its header or in the query of a presigned URL. */
export interface Authorization {
  readonly algorithm: string;
  readonly accessKeyId: string;
  /** `<date>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260101T000000Z` */
  readonly signedAt: string;
  readonly sessionToken?: string;
  /** Seconds that a presigned URL is good for; undefined for a signed header. */
  readonly expiresIn?: number;
}

/**
 * Reads the signature of a request: undefined where it has none, `incomplete` where parts of one are missing. Signature
 * version 4 only.
 */
export function readAuthorization(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): Authorization | 'incomplete' | undefined {
  const header = headers.authorization;
  if (header === undefined && !query.has('X-Amz-Signature') && !query.has('X-Amz-Credential')) return undefined;
  const found = header === undefined ? ofQuery(query) : ofHeader(header, headers);
  const [accessKeyId, date, region, service, ending] = splitCredential(found.credential ?? '');
  const { signedHeaders, signature, signedAt } = found;
  if (!ending || !signedHeaders || !signature || !signedAt) return 'incomplete';
  return {
    ...found,
    signature,
    signedAt,
    accessKeyId: accessKeyId!,
    date: date!,
    region: region!,
    service: service!,
    scope: [date, region, service, ending].join('/'),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
  };
}

function ofHeader(header: string, headers: IncomingHttpHeaders) {
  const part = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1];
  return {
    algorithm: header.split(' ', 1)[0]!,
    credential: part('Credential'),
    signedHeaders: part('SignedHeaders'),
    signature: part('Signature'),
    signedAt: headers['x-amz-date'] as string | undefined,
    sessionToken: headers['x-amz-security-token'] as string | undefined,
  };
}

function ofQuery(query: URLSearchParams) {
  const part = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  return {
    algorithm: part('Algorithm') ?? '',
    credential: part('Credential'),
    signedHeaders: part('SignedHeaders'),
    signature: part('Signature'),
    signedAt: part('Date'),
    sessionToken: part('Security-Token'),
    expiresIn: Number(part('Expires')),
  };
}

/** An access key id of one's own making may hold slashes, so the parts are counted from the end. */
function splitCredential(credential: string): (string | undefined)[] {
  const parts = credential.split('/');
  return parts.length < 5 ? [] : [parts.slice(0, -4).join('/'), ...parts.slice(-4)];
}
