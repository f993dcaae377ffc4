import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
  ServerResponse,
} from 'node:http';
import { Writable } from 'node:stream';
import { Answer } from './answer.ts';
import { ReceivedAnswer } from './received-answer.ts';
import { ReceivedRequest } from './received-request.ts';

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A request to a server in this process, through no socket and no parser: in place of Node's `http.request` where many
 * are made. It is served when all of it is written; its answer is an event of a later turn.
 */
export class InProcessRequest extends Writable {
  /** What clients want to set of a connection; here there is none. */
  readonly socket = { connecting: false, setKeepAlive() {}, setTimeout() {}, removeListener() {}, destroy() {} };
  readonly #serve: Serve;
  readonly #options: RequestOptions;
  readonly #body: Buffer[] = [];
  #answer: Answer | undefined;
  #received: ReceivedAnswer | undefined;

  constructor(serve: Serve, options: RequestOptions, answered: (response: IncomingMessage) => void) {
    super({ autoDestroy: false });
    this.#serve = serve;
    this.#options = options;
    this.once('response', answered);
    if (/^100-continue$/i.test(String(this.#headers().expect))) process.nextTick(() => this.emit('continue'));
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#body.push(bytes);
    done();
  }

  override _final(done: () => void): void {
    const body = this.#body.length === 1 ? this.#body[0]! : Buffer.concat(this.#body);
    const headers = this.#headers();
    if (body.length > 0 && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
      headers['content-length'] = String(body.length);
    const { method = 'GET', path = '/' } = this.#options;
    const breakOff = () => this.destroy(hungUp());
    const request = new ReceivedRequest({ method, path: path ?? '/', headers, body, breakOff });
    this.#answer = new Answer(request, (status, head) => this.#begin(status, head));
    done();
    this.#serve(request as unknown as IncomingMessage, this.#answer as unknown as ServerResponse);
  }

  /** Whoever serves it learns that its caller has gone; whoever reads its answer, that it broke off. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#received?.complete === false) this.#received.destroy(error ?? hungUp());
    if (this.#answer && !this.#answer.writableFinished) this.#answer.destroy();
    done(error);
  }

  #begin(status: number, headers: OutgoingHttpHeaders): ReceivedAnswer {
    const received = new ReceivedAnswer(status, headers);
    this.#received = received;
    received.once('close', () => this.destroy());
    process.nextTick(() => {
      if (!this.destroyed) this.emit('response', received);
    });
    return received;
  }

  #headers(): IncomingHttpHeaders {
    const headers: IncomingHttpHeaders = {};
    for (const [name, value] of Object.entries((this.#options.headers ?? {}) as OutgoingHttpHeaders))
      if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
    return headers;
  }
}

const hungUp = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
