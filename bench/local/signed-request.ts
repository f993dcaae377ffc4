import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SignatureV4 } from '@smithy/signature-v4';
import { rootCredentials } from '../../local/iam/credentials.ts';

/** A request that is ready for the wire. Requests are made before the clock runs, so that signing is not measured. */
export interface PreparedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** A call of a service that speaks AWS JSON. */
export function jsonRequest(endpoint: string, service: 'sqs' | 'dynamodb', operation: string, input: object) {
  const prefix = service === 'sqs' ? 'AmazonSQS' : 'DynamoDB_20120810';
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${prefix}.${operation}` };
  return signed(service, { endpoint, path: '/', method: 'POST', headers, body: Buffer.from(JSON.stringify(input)) });
}

/** A synchronous invocation of a function. */
export function invokeRequest(endpoint: string, functionName: string) {
  const path = `/2015-03-31/functions/${functionName}/invocations`;
  return signed('lambda', { endpoint, path, method: 'POST', headers: {}, body: Buffer.from('{}') });
}

/** A PUT with its checksum, or a GET. The signature does not cover the body, as over TLS it need not. */
export function objectRequest(endpoint: string, key: string, body?: Buffer) {
  const sum = Buffer.alloc(4);
  if (body) sum.writeUInt32BE(crc32(body));
  const headers = {
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(body && { 'x-amz-checksum-crc32': sum.toString('base64') }),
  };
  return signed('s3', { endpoint, path: `/bench/${key}`, method: body ? 'PUT' : 'GET', headers, body });
}

interface Parts {
  readonly endpoint: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

async function signed(service: string, { endpoint, path, method, headers, body }: Parts): Promise<PreparedRequest> {
  const url = new URL(path, endpoint);
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: rootCredentials,
    sha256: Sha256 as any,
    uriEscapePath: false,
  });
  const request = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path,
    query: {},
    headers: { host: url.host, ...headers },
    body,
  });
  return { url, method, headers: { ...request.headers, ...(body && { 'content-length': String(body.length) }) }, body };
}

/** The digest in the form that the SDK's signer wants one. */
class Sha256 {
  readonly #digest: { update(data: any): unknown; digest(): Buffer };

  constructor(secret?: any) {
    this.#digest = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  update(data: any): void {
    this.#digest.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#digest.digest());
  }
}
