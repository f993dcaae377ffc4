import { AwsError, NotSupportedError } from '../aws-error.ts';
import type { Cloud, HttpExchange } from '../service.ts';
import { decodedPath } from './decoded-path.ts';
import { readBody, wireValue } from './json.ts';
import { parseJson } from './parse-json.ts';
import { checkStructure, checkTypes } from './shapes/check-input.ts';
import { checkRequired } from './shapes/check-required.ts';

/** Where one operation of a REST JSON service is found. */
export interface RestRoute {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** e.g. `/schedules/{Name}`; what stands in braces is a member of the input, up to the next slash. */
  readonly path: string;
  /** Members that come in the query, by their name there; a list member's name ends with `[]`. Default: none. */
  readonly query?: Readonly<Record<string, string>>;
  /** Status of a good answer; 204 has no body. Default 200. */
  readonly status?: number;
}

/** What sets one REST JSON service apart from the others. */
export interface RestJsonProtocol {
  /** The members that a request's body carries, by the names that operations know. Default: as they are. */
  fromWire?(body: object): object;
  /** An output as it is written. Default: as it is. */
  toWire?(output: unknown): unknown;
  /** The member of an error that holds its message. Default `Message`. */
  readonly messageMember?: string;
  /** Largest request body in bytes. Default 10 MiB. */
  readonly maxBodyBytes?: number;
}

/** Serves AWS REST JSON: the operation is in method and path, the rest of the input in the query and a JSON body. */
export function restJsonHttp(
  cloud: Cloud,
  service: string,
  routes: readonly RestRoute[],
  protocol: RestJsonProtocol = {},
) {
  const { fromWire = (body) => body, toWire = (output) => output, messageMember = 'Message' } = protocol;
  const matchers = routes.map((route) => ({ route, expression: pathExpression(route.path) }));
  return async ({ request, response, url, context }: HttpExchange): Promise<void> => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-amzn-requestid': context.requestId,
        ...headers,
      });
      response.end(status === 204 ? undefined : JSON.stringify(toWire(body ?? {}), wireValue));
    };
    try {
      const found = matchers
        .filter(({ route }) => route.method === request.method)
        .map(({ route, expression }) => ({ route, match: expression.exec(url.pathname) }))
        .find(({ match }) => match);
      if (!found) throw new NotSupportedError(`${service}: ${request.method} ${url.pathname}`);
      const inPath = Object.entries(found.match!.groups ?? {}).map(([name, value]) => [name, decodedPath(value)]);
      const body = await readBody(request, protocol.maxBodyBytes ?? 10 * 1024 * 1024);
      const { operation } = found.route;
      const members = fromWire(checkStructure(parseJson(body)));
      checkTypes({ service, operation }, members);
      const input = { ...members, ...inQuery(url, found.route), ...Object.fromEntries(inPath) };
      checkRequired({ service, operation }, input);
      const output = await cloud.call(service, operation, input, context);
      answer(found.route.status ?? 200, output);
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof AwsError)) throw error;
      const body = { [messageMember]: error.message, ...error.details };
      answer(error.statusCode, body, { 'x-amzn-errortype': error.code });
    }
  };
}

function pathExpression(path: string): RegExp {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${pattern}/?$`);
}

function inQuery(url: URL, route: RestRoute): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(route.query ?? {})) {
    if (!url.searchParams.has(name)) continue;
    if (member.endsWith('[]')) members[member.slice(0, -2)] = url.searchParams.getAll(name);
    else members[member] = url.searchParams.get(name)!;
  }
  return members;
}
