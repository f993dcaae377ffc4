import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error.ts';
import type { LocalCloud } from './cloud.ts';
import { root } from './iam/authorizer.ts';
import type { Service } from './service.ts';

/** The one HTTP endpoint: finds the service that a request was signed for, who signed it, and hands it over. */
export class Gateway {
  readonly #cloud: LocalCloud;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #server: Server;

  constructor(cloud: LocalCloud, services: ReadonlyMap<string, Service>) {
    this.#cloud = cloud;
    this.#services = services;
    this.#server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 }, (request, response) => {
      this.#serve(request, response).catch((error) => answerError(response, error));
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#cloud.endpoint);
    const scope = credentialScope(request, url);
    const service = this.#services.get(scope?.service ?? '');
    if (!service)
      throw new AwsError('NotImplemented', `local AWS does not support the service "${scope?.service}"`, 501);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const principal =
      this.#cloud.authorizer.credentialsOf(scope?.accessKeyId ?? '')?.principal ?? root(this.#cloud.accountId);
    await service.http({
      request,
      response,
      url,
      context: { principal, requestId: randomUUID(), signal: gone.signal },
    });
  }
}

/** SigV4 names key and service in the Authorization header, or in the query of a presigned URL. */
function credentialScope(request: IncomingMessage, url: URL): { accessKeyId: string; service: string } | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const parts = (header ?? url.searchParams.get('X-Amz-Credential') ?? '').split('/');
  if (parts.length < 5) return undefined;
  return { accessKeyId: parts[0]!, service: parts.at(-2)! };
}

function answerError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof AwsError ? error : new AwsError('InternalFailure', String((error as Error)?.stack ?? error), 500);
  if (response.headersSent) return void response.destroy();
  response.writeHead(known.statusCode, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-errortype': known.code,
  });
  response.end(JSON.stringify({ __type: known.code, message: known.message, ...known.details }));
}
