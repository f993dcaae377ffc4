import { valueAt } from '../../events/json-path.ts';
import type { ApiCall } from '../api-call.ts';
import { type ApiResponse, headerOf } from '../api-request.ts';
import { decoded } from './match-route.ts';
import { pathWithin } from './source-arn.ts';

const selector = /^\$(request|response|context|stageVariables)\.?(.*)$/;

/**
 * The value of an expression such as `$request.header.x`, `$request.body.id`, `$context.requestId` or
 * `$stageVariables.table`; of text with `${…}` in it, the text; undefined where there is no such value. Anything else
 * stands for itself.
 */
export function select(expression: string, call: ApiCall, response?: ApiResponse): string | undefined {
  const inner = expression.replace(/\$\{([^}]*)\}/g, (_, name) => select(`$${name}`, call, response) ?? '');
  if (inner !== expression) return inner;
  const [, source, path = ''] = selector.exec(expression) ?? [];
  switch (source) {
    case 'request':
      return ofRequest(path, call);
    case 'response':
      return response && ofResponse(path, response);
    case 'context':
      return call.variables.get(path);
    case 'stageVariables':
      return call.stage.StageVariables[path];
    default:
      return expression;
  }
}

function ofRequest(path: string, { request, stage, pathParameters }: ApiCall): string | undefined {
  const [part, name] = split(path);
  switch (part) {
    case 'header':
      return headerOf(request.headers, name.toLowerCase());
    case 'querystring':
      return new URLSearchParams(request.query).getAll(name).join(',') || undefined;
    case 'path':
      return name === '' ? decoded(pathWithin(request, stage)) : pathParameters[name];
    case 'body':
      return ofBody(name, request.body);
    default:
      return undefined;
  }
}

function ofResponse(path: string, { headers, body, status }: ApiResponse): string | undefined {
  const [part, name] = split(path);
  if (part === 'header') return headerOf(headers, name.toLowerCase());
  if (part === 'statuscode') return String(status);
  return part === 'body' ? ofBody(name, body) : undefined;
}

function ofBody(path: string, body: Buffer): string | undefined {
  const text = body.toString('utf8');
  if (path === '') return text;
  try {
    const value = valueAt(path.startsWith('[') ? `$${path}` : `$.${path}`, JSON.parse(text));
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    // A body that is not JSON has no members.
    return undefined;
  }
}

function split(path: string): [part: string, name: string] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}
