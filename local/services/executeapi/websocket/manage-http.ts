import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { readBody } from '../../../protocols/read-body.ts';
import type { Cloud, HttpExchange } from '../../../service.ts';
import { toWire } from '../../apigateway/wire.ts';

const operations: Readonly<Record<string, { readonly name: string; readonly status: number }>> = {
  POST: { name: 'PostToConnection', status: 200 },
  GET: { name: 'GetConnection', status: 200 },
  DELETE: { name: 'DeleteConnection', status: 204 },
};

const maxBodyBytes = 1024 * 1024;

/** The API, stage and connection that a path of the management API names; undefined for other paths. */
export function managedConnection(apiId: string, path: string) {
  const [, Stage, ConnectionId] = /^\/([^/]+)\/@connections\/([^/]+)$/.exec(decodeURIComponent(path)) ?? [];
  return Stage === undefined ? undefined : { ApiId: apiId, Stage, ConnectionId };
}

/** Serves the management API of connections. */
export async function manageHttp(cloud: Cloud, exchange: HttpExchange, target: object): Promise<void> {
  const { request, response, context } = exchange;
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-requestid': context.requestId,
      ...headers,
    });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  };
  try {
    const operation = operations[request.method ?? ''];
    if (!operation) throw new NotSupportedError(`execute-api: ${request.method} ${request.url}`);
    const Data = await readBody(request, maxBodyBytes);
    const input = { ...target, ...(operation.name === 'PostToConnection' && { Data }) };
    answer(operation.status, toWire(await cloud.call('execute-api', operation.name, input, context)));
  } catch (error) {
    if (context.signal.aborted) return;
    if (!(error instanceof AwsError)) throw error;
    const code = error.code === 'AccessDeniedException' ? 'ForbiddenException' : error.code;
    const status = code === 'ForbiddenException' ? 403 : error.statusCode;
    answer(status, { message: error.message }, { 'x-amzn-errortype': code });
  }
}
