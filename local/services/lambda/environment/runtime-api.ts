import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One event on its way to a handler. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  /** Base64 of JSON, as callers send it. */
  readonly clientContext?: string;
  /** Takes the response of a function that streams, as it comes. Default: it is collected. */
  readonly sink?: ResponseSink;
  /**
   * Goes before others that wait for an environment: the messages of a queue that it brings are handed out again when it
   * comes too late, and what it brings of a stream holds up all that follows. Default: false.
   */
  readonly urgent?: boolean;
  /**
   * Told that it waits for an environment, because this machine has no room for as many as AWS; the result is called when
   * it has one.
   */
  waits?(): () => void;
}

/** Where a response goes piece by piece. */
export interface ResponseSink {
  /** Resolves when more may come. */
  write(chunk: Buffer): Promise<void>;
}

/** What the process says to an invocation. */
export interface Answer {
  readonly requestId: string;
  readonly body: Buffer;
  /** Whether the body is an error. */
  readonly failed: boolean;
  /** The most memory that the process has held, by its own account; 0 where it gives none. */
  readonly peakBytes: number;
}

/** What the function's process says to the Runtime API. */
export interface RuntimeListener {
  /** It asks for work, and gets it by `RuntimeApi.deliver`. */
  asks(): void;
  /** Who takes the response of this invocation as it is streamed; undefined where it is to be collected. */
  sinkOf(requestId: string): ResponseSink | undefined;
  answers(answer: Answer): void;
  /** It could not load the function. */
  fails(error: Buffer): void;
}

const prefix = '/2018-06-01/runtime/';

/** The Lambda Runtime API of one execution environment, on a port of its own. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #listener: RuntimeListener;
  #held: ServerResponse | undefined;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    });
  }

  /** Resolves to `127.0.0.1:<port>`, as in `AWS_LAMBDA_RUNTIME_API`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#server.unref();
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands an invocation to the process that waits for one. `deadline` is wall time, as the process sees it. */
  deliver(invocation: Invocation, deadline: number): void {
    const response = this.#held!;
    this.#held = undefined;
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': invocation.payload.length,
      'lambda-runtime-aws-request-id': invocation.requestId,
      'lambda-runtime-deadline-ms': deadline,
      'lambda-runtime-invoked-function-arn': invocation.invokedFunctionArn,
      'lambda-runtime-trace-id': invocation.traceId,
      ...(invocation.clientContext && {
        'lambda-runtime-client-context': Buffer.from(invocation.clientContext, 'base64').toString('utf8'),
      }),
    });
    response.end(invocation.payload);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(prefix.length);
    if (request.method === 'GET' && path === 'invocation/next') {
      this.#held = response;
      return this.#listener.asks();
    }
    const [, requestId, action] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const streams = request.headers['lambda-runtime-function-response-mode'] === 'streaming';
    const sink = streams && requestId ? this.#listener.sinkOf(requestId) : undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      if (sink) await sink.write(chunk);
      else chunks.push(chunk);
    }
    // A stream that breaks off says why behind what it has sent.
    const said = { ...request.headers, ...request.trailers };
    const broken = streams ? said['lambda-runtime-function-error-body'] : undefined;
    const body = broken === undefined ? Buffer.concat(chunks) : Buffer.from(String(broken), 'base64');
    if (request.method !== 'POST' || !(requestId || path === 'init/error')) {
      response.writeHead(404, { 'content-type': 'application/json' });
      return void response.end('{"errorType":"InvalidRequest","errorMessage":"no such path"}');
    }
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end('{"status":"OK"}');
    if (!requestId) return this.#listener.fails(body);
    const peakBytes = Number(said['x-peak-memory-kilobytes'] ?? 0) * 1024;
    this.#listener.answers({ requestId, body, failed: action === 'error' || broken !== undefined, peakBytes });
  }
}
