import type { Integration } from '../../apigateway/records.ts';
import type { ApiCall } from '../api-call.ts';
import type { ApiRequest, ApiResponse, Header } from '../api-request.ts';
import { select } from './select.ts';

/** A request as its integration gets it. */
export interface MappedRequest {
  readonly request: ApiRequest;
  /** In place of the path, where a parameter says so. */
  readonly path?: string;
}

/** Changes a request by the `RequestParameters` of its integration. */
export function mapRequest(call: ApiCall, { RequestParameters = {} }: Integration): MappedRequest {
  let { headers } = call.request;
  let path: string | undefined;
  const query = new URLSearchParams(call.request.query);
  let ofQuery = false;
  for (const [key, expression] of Object.entries(RequestParameters)) {
    const { action, part, name } = readKey(key);
    const value = select(expression, call);
    if (part === 'path') {
      path = value;
    } else if (part === 'header') {
      headers = changedHeaders(headers, action, name, value);
    } else {
      ofQuery = true;
      if (action !== 'append') query.delete(name);
      if (action !== 'remove' && value !== undefined) query.append(name, value);
    }
  }
  const changed = { ...call.request, headers, ...(ofQuery && { query: String(query) }) };
  return { request: changed, ...(path !== undefined && { path: path.startsWith('/') ? path : `/${path}` }) };
}

/** Changes a response by the `ResponseParameters` that its integration has for its status. */
export function mapResponse(
  call: ApiCall,
  { ResponseParameters = {} }: Integration,
  response: ApiResponse,
): ApiResponse {
  let { headers, status } = response;
  for (const [key, expression] of Object.entries(ResponseParameters[String(status)] ?? {})) {
    const { action, part, name } = readKey(key);
    const value = select(expression, call, response);
    if (part === 'header') headers = changedHeaders(headers, action, name, value);
    else if (/^[2-5]\d\d$/.test(value ?? '')) status = Number(value);
  }
  return { ...response, headers, status };
}

/** `append:header.x-one` */
function readKey(key: string) {
  const [, action, part, name = ''] = /^(\w+):(\w+)\.?(.*)$/.exec(key) ?? [];
  return { action, part, name };
}

function changedHeaders(
  headers: readonly Header[],
  action: string | undefined,
  name: string,
  value: string | undefined,
): readonly Header[] {
  const kept = action === 'append' ? headers : headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return action === 'remove' || value === undefined ? kept : [...kept, [name, value]];
}
