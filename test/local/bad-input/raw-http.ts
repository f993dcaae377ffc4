import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
}

/** Sends bytes as they are, and gives back all that comes until the other side closes. Rejects where it does not. */
export function sendRaw(endpoint: string, bytes: string | Buffer, { cutOff = false, milliseconds = 2500 } = {}) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of the answer after ${milliseconds} ms to ${bytes.toString().slice(0, 400)}`));
    }, milliseconds);
    socket.on('data', (chunk) => chunks.push(chunk));
    // What is still on its way to a connection that is closed already is no matter.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
    if (cutOff) socket.end(bytes);
    else socket.write(bytes);
  });
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request whose connection ends with it, signed for a service as far as a cloud without IAM looks. */
export function rawRequest(service: string, { method, path, headers = {}, body = '' }: RawRequest): Buffer {
  const credential = `Credential=local/20260101/us-east-1/${service}/aws4_request`;
  const all: Record<string, string> = {
    host: '127.0.0.1',
    connection: 'close',
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    'x-amz-date': '20260101T000000Z',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
}
