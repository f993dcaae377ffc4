import { once } from 'node:events';
import { type IncomingMessage, request as startHttp } from 'node:http';
import { request as startHttps } from 'node:https';
import { readBody } from '../../../protocols/read-body.ts';
import type { Integration } from '../../apigateway/records.ts';
import { ApiFailure } from '../api-failure.ts';
import type { ApiRequest, ApiResponse, Header } from '../api-request.ts';
import { headersOf } from '../http.ts';
import { forwardedHeaders } from '../http-api/event-parts.ts';

/** Headers that belong to one connection. */
const hopByHop = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'upgrade']);

const maxResponseBytes = 10 * 1024 * 1024;

export interface ProxiedCall {
  readonly request: ApiRequest;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** In place of the path that the integration names. */
  readonly path?: string;
}

/** Hands a request on to an address of this machine, whose answer is the answer. Throws ApiFailure 503 where nobody answers. */
export async function proxyHttp(call: ProxiedCall, integration: Integration): Promise<ApiResponse> {
  const { request, at } = call;
  const url = targetUrl(call, integration);
  const { IntegrationMethod: method } = integration;
  const headers = withoutHops(forwardedHeaders(request, at));
  const sending = (url.protocol === 'https:' ? startHttps : startHttp)(url, {
    method: method === 'ANY' ? request.method : method,
    headers: [...headers, ['Host', url.host], ['Content-Length', String(request.body.length)]].flat(),
  });
  try {
    sending.end(request.body);
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    const body = await readBody(answer, maxResponseBytes);
    return { status: answer.statusCode ?? 502, headers: withoutHops(headersOf(answer)), body };
  } catch (error) {
    throw new ApiFailure(503, `The HTTP endpoint ${url.origin} did not answer: ${(error as Error).message}`);
  } finally {
    sending.destroy();
  }
}

/** `{name}` in the address stands for a path parameter, whose slashes are kept. */
function targetUrl({ request, pathParameters, path }: ProxiedCall, { IntegrationUri = '' }: Integration): URL {
  const filled = IntegrationUri.replace(/\{(\w+)\+?\}/g, (_, name) =>
    (pathParameters[name] ?? '').split('/').map(encodeURIComponent).join('/'),
  );
  const url = new URL(filled);
  if (path !== undefined) url.pathname = path;
  if (request.query) url.search = [url.search.slice(1), request.query].filter(Boolean).join('&');
  return url;
}

const withoutHops = (headers: readonly Header[]) => headers.filter(([name]) => !hopByHop.has(name.toLowerCase()));
