import { type IncomingHttpHeaders, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';

/** An answer as a client sees it. It has what clients ask of one of Node's. */
export class ReceivedAnswer extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: IncomingHttpHeaders = {};
  /** Whether all of it has come. */
  complete = false;

  constructor(status: number, headers: OutgoingHttpHeaders) {
    super();
    this.statusCode = status;
    this.statusMessage = STATUS_CODES[status] ?? '';
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.headers[name] = Array.isArray(value) ? value.join(', ') : String(value);
    }
  }

  finish(): void {
    this.complete = true;
    this.push(null);
  }

  override _read(): void {}
}
