import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';

export interface Sent {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in small letters. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Breaks the connection off. */
  readonly breakOff: () => void;
}

/** A request as a server sees it, all of which has come. It has what services ask of one of Node's. */
export class ReceivedRequest extends Readable {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly complete = true;
  readonly socket: { destroy(): void };

  constructor({ method, path, headers, body, breakOff }: Sent) {
    super();
    this.method = method;
    this.url = path;
    this.headers = headers;
    this.socket = { destroy: breakOff };
    if (body.length > 0) this.push(body);
    this.push(null);
  }

  override _read(): void {}
}
