import type { Cors } from '../../apigateway/records.ts';
import { type ApiRequest, type ApiResponse, type Header, headerOf } from '../api-request.ts';

const corsHeader = /^access-control-/i;

export function isPreflight({ method, headers }: ApiRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headerOf(headers, 'origin') !== undefined &&
    headerOf(headers, 'access-control-request-method') !== undefined
  );
}

/** API Gateway's own answer to a preflight request. */
export function preflightAnswer(cors: Cors, request: ApiRequest): ApiResponse {
  const list = (name: string, values: readonly string[] = []): Header[] =>
    values.length > 0 ? [[name, values.join(',')]] : [];
  const allowed = allowedOrigin(cors, request);
  const headers: Header[] = allowed
    ? [
        ...originHeaders(cors, allowed),
        ...list('access-control-allow-methods', cors.AllowMethods),
        ...list('access-control-allow-headers', cors.AllowHeaders),
        ...(cors.MaxAge === undefined ? [] : [['access-control-max-age', String(cors.MaxAge)] as const]),
      ]
    : [];
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** With CORS configured, an API says what it allows, whatever its integrations say. */
export function withCors(cors: Cors, request: ApiRequest, response: ApiResponse): ApiResponse {
  const allowed = allowedOrigin(cors, request);
  const own = response.headers.filter(([name]) => !corsHeader.test(name));
  return { ...response, headers: [...own, ...(allowed ? originHeaders(cors, allowed) : [])] };
}

function originHeaders(cors: Cors, allowed: string): Header[] {
  return [
    ['access-control-allow-origin', allowed],
    ...(cors.AllowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
    ...(cors.ExposeHeaders?.length ? [['access-control-expose-headers', cors.ExposeHeaders.join(',')] as const] : []),
  ];
}

function allowedOrigin({ AllowOrigins = [] }: Cors, { headers }: ApiRequest): string | undefined {
  const origin = headerOf(headers, 'origin');
  if (origin === undefined) return undefined;
  if (AllowOrigins.includes('*')) return '*';
  return AllowOrigins.some((pattern) => matchesOrigin(pattern, origin)) ? origin : undefined;
}

function matchesOrigin(pattern: string, origin: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`, 'i').test(origin);
}
