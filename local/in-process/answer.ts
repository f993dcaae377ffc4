import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { Writable } from 'node:stream';
import type { ReceivedAnswer } from './received-answer.ts';
import type { ReceivedRequest } from './received-request.ts';

type Begin = (status: number, headers: OutgoingHttpHeaders) => ReceivedAnswer;

/** The answer to a request without a socket, as a server writes it: it goes straight to whoever asked. */
export class Answer extends Writable {
  readonly req: ReceivedRequest;
  statusCode = 200;
  headersSent = false;
  sendDate = false;
  readonly #headers: OutgoingHttpHeaders = {};
  readonly #begin: Begin;
  #received: ReceivedAnswer | undefined;

  /** `begin` is told the head as soon as it stands, and takes the body. */
  constructor(req: ReceivedRequest, begin: Begin) {
    super({ decodeStrings: true });
    this.req = req;
    this.#begin = begin;
  }

  setHeader(name: string, value: OutgoingHttpHeaders[string]): this {
    this.#headers[name.toLowerCase()] = value;
    return this;
  }

  getHeader(name: string): OutgoingHttpHeaders[string] {
    return this.#headers[name.toLowerCase()];
  }

  hasHeader(name: string): boolean {
    return this.getHeader(name) !== undefined;
  }

  removeHeader(name: string): void {
    delete this.#headers[name.toLowerCase()];
  }

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.statusCode = status;
    for (const name in headers) this.setHeader(name, headers[name]);
    return this;
  }

  flushHeaders(): void {
    this.#send();
  }

  /** A body that is given at once has its length said, as Node does. */
  override end(...given: any[]): this {
    const [body] = given;
    const isBody = typeof body === 'string' || body instanceof Uint8Array;
    if (isBody && !this.headersSent && !this.hasHeader('content-length'))
      this.setHeader('content-length', Buffer.byteLength(body));
    return super.end(...(given as []));
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#send().push(bytes);
    done();
  }

  override _final(done: () => void): void {
    this.#send().finish();
    done();
  }

  #send(): ReceivedAnswer {
    if (!this.#received) {
      this.headersSent = true;
      this.#received = this.#begin(this.statusCode, this.#headers);
    }
    return this.#received;
  }

  get statusMessage(): string {
    return STATUS_CODES[this.statusCode] ?? '';
  }
}
