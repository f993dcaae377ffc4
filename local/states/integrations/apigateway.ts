import { NotSupportedError } from '../../aws-error.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { StatesError } from '../states-error.ts';
import type { Integration } from './integration.ts';

/** An API that runs on this machine, under the address that its stack gave out. */
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

  async call(task) {
    const { parameters, signal } = task;
    const response = await fetch(urlOf(parameters), {
      method: parameters.Method,
      headers: headersOf(parameters),
      signal,
      ...(parameters.RequestBody === undefined ? {} : { body: JSON.stringify(parameters.RequestBody) }),
    });
    const text = await response.text();
    if (!response.ok) throw new StatesError(`ApiGateway.${response.status}`, text, { fromTask: true });
    const Headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]]));
    return {
      output: { Headers, ResponseBody: parsed(text), StatusCode: response.status, StatusText: response.statusText },
    };
  },
};

function urlOf({ ApiEndpoint, Stage, Path, QueryParameters }: JsonObject): string {
  const [, host, base = ''] = localEndpoint.exec(ApiEndpoint) ?? [];
  if (!host) throw new NotSupportedError(`API Gateway at ${ApiEndpoint}`);
  const parts = [base, Stage, Path].flatMap((part) => String(part ?? '').split('/')).filter((part) => part !== '');
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries<Json[]>(QueryParameters ?? {})) {
    for (const value of values) query.append(name, String(value));
  }
  const search = query.size > 0 ? `?${query}` : '';
  return `http://${host}/${parts.map(encodeURIComponent).join('/')}${search}`;
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
