import { STATUS_CODES } from 'node:http';
import { AwsError, NotSupportedError } from '../../aws-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { StatesError } from '../states-error.ts';
import type { Caller, Integration } from './integration.ts';

/** An API of this cloud, by the name of its host on AWS or by its address on this machine. */
const apiHere =
  /^(?:https?:\/\/)?(?:([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com|(?:127\.0\.0\.1|localhost):\d+\/_apis\/([a-z0-9]+))\/?$/;

/** Another API on this machine. */
const localEndpoint = /^(?:https?:\/\/)?((?:127\.0\.0\.1|localhost)(?::\d+)?)(\/.*)?$/;

/** `arn:aws:states:::apigateway:invoke`: one HTTP request to an API of this cloud. */
export const apigateway: Integration = {
  errorPrefix: 'ApiGateway',
  serviceName: 'AmazonApiGateway',

  check(parameters) {
    const valid = (lists: Json) =>
      lists === undefined || (isObject(lists) && Object.values(lists).every(Array.isArray));
    return ['Headers', 'QueryParameters']
      .filter((field) => !valid(parameters[field]))
      .map((field) => `The value of the field '${field}' has an invalid format`);
  },

  async call({ parameters, signal }, caller) {
    const [, onAws, here = onAws] = apiHere.exec(parameters.ApiEndpoint) ?? [];
    const answer = here ? await invokeApi(here, parameters, caller) : await fetchApi(parameters, signal);
    const { status, text } = answer;
    if (status < 200 || status > 299) throw new StatesError(`ApiGateway.${status}`, text, { fromTask: true });
    return {
      output: {
        Headers: listed(answer.headers),
        ResponseBody: parsed(text),
        StatusCode: status,
        StatusText: STATUS_CODES[status] ?? '',
      },
    };
  },
};

interface ApiAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

/** Calls as the execution's role where the task asks for IAM, as nobody where not. */
async function invokeApi(apiId: string, parameters: JsonObject, caller: Caller): Promise<ApiAnswer> {
  const request = {
    apiId,
    method: parameters.Method,
    path: pathOf(parameters),
    query: queryOf(parameters),
    headers: headersOf(parameters),
    body: Buffer.from(parameters.RequestBody === undefined ? '' : JSON.stringify(parameters.RequestBody)),
    sourceIp: '127.0.0.1',
    domainName: `${apiId}.execute-api.${caller.region}.amazonaws.com`,
    unsigned: parameters.AuthType !== 'IAM_ROLE',
  };
  try {
    const { status, headers, body } = await caller.call('execute-api', 'Invoke', request);
    return { status, headers, text: body.toString('utf8') };
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'AccessDeniedException') throw error;
    return { status: 403, headers: [], text: JSON.stringify({ message: error.message }) };
  }
}

async function fetchApi(parameters: JsonObject, signal: AbortSignal): Promise<ApiAnswer> {
  const response = await fetch(urlOf(parameters), {
    method: parameters.Method,
    headers: headersOf(parameters),
    signal,
    ...(parameters.RequestBody === undefined ? {} : { body: JSON.stringify(parameters.RequestBody) }),
  });
  return { status: response.status, headers: [...response.headers], text: await response.text() };
}

function listed(headers: ApiAnswer['headers']): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const [name, value] of headers) lists[name] = [...(lists[name] ?? []), value];
  return lists;
}

function urlOf(parameters: JsonObject): string {
  const [, host, base = ''] = localEndpoint.exec(parameters.ApiEndpoint) ?? [];
  if (!host) throw new NotSupportedError(`API Gateway at ${parameters.ApiEndpoint}`);
  const query = queryOf(parameters);
  return `http://${host}${base.replace(/\/$/, '')}${pathOf(parameters)}${query && `?${query}`}`;
}

function pathOf({ Stage, Path }: JsonObject): string {
  const parts = [Stage, Path].flatMap((part) => String(part ?? '').split('/')).filter((part) => part !== '');
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

function queryOf({ QueryParameters }: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries<Json[]>(QueryParameters ?? {})) {
    for (const value of values) query.append(name, String(value));
  }
  return String(query);
}

function headersOf({ Headers, RequestBody }: JsonObject): [string, string][] {
  const given = Object.entries<Json[]>(Headers ?? {}).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, String(value)]),
  );
  const named = given.some(([name]) => name.toLowerCase() === 'content-type');
  return RequestBody === undefined || named ? given : [...given, ['content-type', 'application/json']];
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
