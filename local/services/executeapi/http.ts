import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../aws-error.ts';
import { anonymous } from '../../iam/principals.ts';
import { readBody } from '../../protocols/read-body.ts';
import type { Cloud, HttpExchange } from '../../service.ts';
import { apiAddress } from './address.ts';
import { ApiFailure } from './api-failure.ts';
import type { ApiRequest, ApiResponse, Header } from './api-request.ts';
import { managedConnection, manageHttp } from './websocket/manage-http.ts';

const maxBodyBytes = 10 * 1024 * 1024;

/** Brings a request over HTTP to the API that it is for, and its answer back. */
export function executeHttp(cloud: Cloud) {
  return async (exchange: HttpExchange): Promise<void> => {
    const { request, response, url, context } = exchange;
    const answer = ({ status, headers, body }: ApiResponse) => {
      response.statusCode = status;
      for (const [name, value] of headers) response.appendHeader(name, value);
      response.setHeader('content-length', status === 204 ? 0 : body.length);
      response.end(body);
    };
    const { apiId, path } = apiAddress(request, url.pathname) ?? {};
    if (!apiId || !path) return answer(new ApiFailure(404, 'No API is named').response);
    const managed = context.principal === anonymous ? undefined : managedConnection(apiId, path);
    if (managed) return manageHttp(cloud, exchange, managed);
    try {
      const input: ApiRequest = {
        apiId,
        method: request.method ?? 'GET',
        path,
        query: url.search.slice(1),
        headers: headersOf(request),
        body: await readBody(request, maxBodyBytes),
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        domainName: `${apiId}.execute-api.${cloud.region}.amazonaws.com`,
      };
      answer(await cloud.call('execute-api', 'Invoke', input, context));
    } catch (error) {
      if (context.signal.aborted) return;
      const failure = asFailure(error);
      if (!failure) throw error;
      answer(failure.response);
    }
  };
}

/** The headers of a message in the order and the case that they were sent in. */
export function headersOf({ rawHeaders }: IncomingMessage): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at]!, rawHeaders[at + 1]!]);
  return headers;
}

/** Errors of this cloud as an API answers them, rather than AWS's own services. What is not supported says so itself. */
export function asFailure(error: unknown): ApiFailure | undefined {
  if (error instanceof ApiFailure) return error;
  if (!(error instanceof AwsError) || error.statusCode === 501) return undefined;
  if (error.code === 'AccessDeniedException') return new ApiFailure(403, error.message);
  if (error.statusCode >= 500) return new ApiFailure(500, error.message);
  return [413, 429].includes(error.statusCode) ? new ApiFailure(error.statusCode, error.message) : undefined;
}
