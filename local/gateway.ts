import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestOptions, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import { AwsError, NotSupportedError } from './aws-error.ts';
import type { LocalCloud } from './cloud.ts';
import { anonymous, root } from './iam/principals.ts';
import { type Authorization, readAuthorization } from './iam/signing/authorization.ts';
import { refusal } from './iam/signing/refusals.ts';
import { SignatureVerifier } from './iam/signing/verify.ts';
import { Answer } from './in-process/answer.ts';
import { InProcessRequest } from './in-process/in-process-request.ts';
import { answerWithError } from './protocols/error-answer.ts';
import { readBody } from './protocols/read-body.ts';
import type { CallContext, Service } from './service.ts';

/** A body that the gateway itself must read, because its signature does not carry its digest. */
const longestHashedBytes = 16 * 1024 * 1024;

/** How long `close` lets requests finish that are being served. */
const graceMilliseconds = 1_000;

/** The one HTTP endpoint: finds the service that a request was signed for, checks who signed it, and hands it over. */
export class Gateway {
  readonly #cloud: LocalCloud;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #server: Server;
  readonly #verifier: SignatureVerifier;
  /** Requests that are being served: when each is done, and how to tell it that its caller has gone. */
  readonly #serving = new Map<Promise<void>, AbortController>();
  /** Connections that were taken over: the server no longer closes them. */
  readonly #upgraded = new Set<Duplex>();
  /** Connections without a socket: the server counts them, but cannot close them. */
  readonly #inProcess = new Set<Duplex>();

  constructor(cloud: LocalCloud, services: ReadonlyMap<string, Service>) {
    this.#cloud = cloud;
    this.#services = services;
    this.#verifier = new SignatureVerifier(cloud, (id) => cloud.authorizer.credentialsOf(id));
    const settings = { keepAliveTimeout: 120_000, requestTimeout: 0, shouldUpgradeCallback: wantsWebSocket };
    this.#server = createServer(settings, (request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('upgrade', (request, socket, head) => {
      void this.#upgrade(request, socket, head);
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The other end of a connection that goes through no socket, for callers in this process. */
  connect(): Duplex {
    const [near, far] = duplexPair();
    this.#server.emit('connection', near);
    this.#inProcess.add(near);
    // The ends of a pair do not close with each other, and a parser that is not told keeps both for ever.
    far.once('close', () => near.destroy());
    near.once('close', () => this.#inProcess.delete(near));
    return far;
  }

  /** A request from within this process; `answered` gets the answer. As `http.request`, through no socket. */
  request(options: RequestOptions, answered: (response: IncomingMessage) => void): InProcessRequest {
    return new InProcessRequest((request, response) => void this.#serve(request, response), options, answered);
  }

  /** Takes no more requests, ends the long polls, lets the rest finish for a moment, and closes every connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const exchange of this.#serving.values()) exchange.abort();
    const grace = new Promise((resolve) => setTimeout(resolve, graceMilliseconds).unref());
    await Promise.race([Promise.all(this.#serving.keys()), grace]);
    this.#server.closeAllConnections();
    for (const socket of [...this.#upgraded, ...this.#inProcess]) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let asked: Asked | undefined;
    // Callers in this process may live in another time than the machine's, which Node would write here.
    if (this.#inProcess.has(request.socket)) response.sendDate = false;
    try {
      asked = this.#ask(request);
      const service = this.#serviceFor(asked);
      const exchange = this.#begin(response);
      const { signal } = exchange;
      const signer = await this.#identify(request, asked.authorization);
      const disconnect = () => {
        exchange.abort();
        request.socket.destroy();
      };
      const context: CallContext = { principal: signer.principal, requestId: asked.requestId, signal, disconnect };
      await service.http({ request: signer.request, response, url: asked.url, context });
    } catch (error) {
      const { requestId = randomUUID(), signedFor: service = unsignedService(request) } = asked ?? {};
      answerWithError(request, response, error, { requestId, service });
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#upgraded.add(socket);
    // A caller that breaks the connection off is no failure of this machine's.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#upgraded.delete(socket));
    try {
      const asked = this.#ask(request);
      const service = this.#serviceFor(asked);
      if (!service.upgrade) throw new NotSupportedError(`WebSocket connections to ${service.name}`);
      const { signal } = this.#begin(socket);
      const { principal } = await this.#identify(request, asked.authorization);
      const context: CallContext = { principal, requestId: asked.requestId, signal };
      await service.upgrade({ request, socket, head, url: asked.url, context });
    } catch (error) {
      const status = error instanceof AwsError ? error.statusCode : 500;
      const body = JSON.stringify({ message: (error as Error).message });
      const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
      socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
    }
  }

  #ask(request: IncomingMessage): Asked {
    const url = this.#target(request);
    const authorization = readAuthorization(request.headers, url.searchParams);
    const signed = typeof authorization === 'object';
    const open = signed ? undefined : [...this.#services.values()].find((one) => one.isPublic?.(request, url));
    const signedFor = signed ? authorization.service : (open?.name ?? unsignedService(request));
    return { url, authorization, open, signedFor, requestId: randomUUID() };
  }

  /** Throws where the request line has no path, but a whole URL or anything else. */
  #target({ url = '' }: IncomingMessage): URL {
    // Joined as text: resolved against the endpoint, a path that begins with two slashes would name another host.
    const joined = this.#cloud.endpoint + url;
    if (url.startsWith('/') && URL.canParse(joined)) return new URL(joined);
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: ${url}`);
  }

  #serviceFor({ open, authorization, signedFor }: Asked): Service {
    if (open) return open;
    if (typeof authorization !== 'object') throw refusal(signedFor, authorization ?? 'unsigned');
    const service = this.#services.get(signedFor);
    if (!service) throw new NotSupportedError(`the service "${signedFor}"`);
    return service;
  }

  /** Keeps account of an exchange until its stream closes; the signal tells when its caller has gone. */
  #begin(stream: ServerResponse | Duplex): AbortController {
    const exchange = new AbortController();
    const done = new Promise<void>((resolve) => stream.once('close', resolve));
    this.#serving.set(done, exchange);
    void done.then(() => {
      this.#serving.delete(done);
      // Behind a whole answer there is nobody left to tell, and telling costs a request of 1 KB several percent.
      if (!(isAnswer(stream) && stream.writableFinished)) exchange.abort(callerGone);
    });
    return exchange;
  }

  /** Checks the signature. A body that had to be read for that is in the request that comes back. */
  async #identify(request: IncomingMessage, authorization: Asked['authorization']) {
    if (typeof authorization !== 'object') return { principal: anonymous, request };
    const { authorizer, accountId } = this.#cloud;
    if (authorizer.open) {
      return { principal: authorizer.credentialsOf(authorization.accessKeyId)?.principal ?? root(accountId), request };
    }
    const { headers, method = 'GET', url: target = '/' } = request;
    const verify = (payloadHash: string) =>
      this.#verifier.verify({ method, target, headers, payloadHash }, authorization);
    const declared = headers['x-amz-content-sha256'];
    if (typeof declared === 'string') return { principal: verify(declared), request };
    if (authorization.service === 's3') {
      if (authorization.expiresIn === undefined) throw refusal('s3', 'no payload hash');
      return { principal: verify('UNSIGNED-PAYLOAD'), request };
    }
    // Behind a request for WebSocket comes no body, and its stream never ends.
    if (wantsWebSocket(request)) return { principal: verify(createHash('sha256').digest('hex')), request };
    // Not every SDK names the digest of the body in a header: then the body must be read to check what was signed.
    const body = await readBody(request, longestHashedBytes);
    return { principal: verify(createHash('sha256').update(body).digest('hex')), request: withBody(request, body) };
  }
}

const isAnswer = (stream: object) => stream instanceof ServerResponse || stream instanceof Answer;

/** One for all: an error with its stack made for each request would be seen by nobody. */
const callerGone = new DOMException('the caller has gone', 'AbortError');

/** What a request says before anything of it is checked. */
interface Asked {
  readonly url: URL;
  readonly authorization: Authorization | 'incomplete' | undefined;
  /** The service that takes it as it is, without a signature. */
  readonly open: Service | undefined;
  readonly signedFor: string;
  readonly requestId: string;
}

function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Nobody signed, so only the shape of the request tells whose answer the caller waits for: S3 has no target and no form. */
function unsignedService({ headers }: IncomingMessage): string {
  return headers['x-amz-target'] || headers['content-type'] ? '' : 's3';
}

/** A request whose body has been read, to be read once more. */
function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { headers, rawHeaders, method, url, socket } = request;
  return Object.assign(Readable.from(body.length ? [body] : []), {
    headers,
    rawHeaders,
    method,
    url,
    socket,
  }) as unknown as IncomingMessage;
}
