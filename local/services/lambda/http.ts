import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError, NotSupportedError } from '../../aws-error.ts';
import { readBody, wireValue } from '../../protocols/json.ts';
import { parseJson } from '../../protocols/parse-json.ts';
import { checkStructure, checkTypes } from '../../protocols/shapes/check-input.ts';
import { checkRequired } from '../../protocols/shapes/check-required.ts';
import type { Cloud, HttpExchange } from '../../service.ts';
import { eventMessage } from './event-stream.ts';
import { type Route, route } from './routes.ts';

/** A function's archive of 50 MB in base64 is the largest thing that anyone may send. */
const maxBodyBytes = 70 * 1024 * 1024;

/** The operations whose body is what the function gets, and whose other members are headers. */
const invocations = ['Invoke', 'InvokeWithResponseStream'];

/** Serves Lambda's REST API. */
export function lambdaHttp(cloud: Cloud) {
  return async ({ request, response, url, context }: HttpExchange): Promise<void> => {
    response.setHeader('x-amzn-requestid', context.requestId);
    try {
      const found = route(request.method ?? '', url);
      if (!found) throw new NotSupportedError(`lambda: ${request.method} ${url.pathname}`);
      const body = await readBody(request, maxBodyBytes);
      const input = { ...query(url), ...found.members, ...bodyMembers(found.route, request, body) };
      if (!invocations.includes(found.route.operation)) {
        checkRequired({ service: 'lambda', operation: found.route.operation }, input);
      }
      const output = await cloud.call('lambda', found.route.operation, input, context);
      if (output?.EventStream) await answerStream(response, output);
      else if (invocations.includes(found.route.operation)) answerInvoke(response, output);
      else answer(response, found.route.status, output);
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof AwsError)) throw error;
      response.setHeader('x-amzn-errortype', error.code);
      answer(response, error.statusCode, { message: error.message, ...error.details });
    }
  };
}

function query(url: URL): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name of new Set(url.searchParams.keys())) {
    if (name === 'tagKeys') members.TagKeys = url.searchParams.getAll(name);
    // The SDK names the operation of a GetObject-like call in `x-id`, which means nothing to the service.
    else if (name !== 'find' && name !== 'x-id') members[name] = url.searchParams.get(name);
  }
  return members;
}

function bodyMembers({ operation }: Route, request: IncomingMessage, body: string): Record<string, unknown> {
  if (invocations.includes(operation)) {
    const header = (name: string) => request.headers[name] as string | undefined;
    return {
      InvocationType: header('x-amz-invocation-type'),
      LogType: header('x-amz-log-type') === 'None' ? undefined : header('x-amz-log-type'),
      ClientContext: header('x-amz-client-context'),
      DurableExecutionName: header('x-amz-durable-execution-name'),
      TenantId: header('x-amz-tenant-id'),
      Payload: Buffer.from(body),
    };
  }
  if (body === '') return {};
  return withArchives(parse(operation, body));
}

function parse(operation: string, body: string): Record<string, any> {
  const members = checkStructure(parseJson(body));
  checkTypes({ service: 'lambda', operation }, members);
  return members;
}

/** Archives are base64 on the wire. Folders of this machine can only be named from within its own process. */
function withArchives(members: Record<string, any>): Record<string, unknown> {
  const decoded = (holder: Record<string, any>) => {
    if (holder.LocalPath !== undefined) throw new NotSupportedError('LocalPath in a request over HTTP');
    return typeof holder.ZipFile === 'string' ? { ...holder, ZipFile: Buffer.from(holder.ZipFile, 'base64') } : holder;
  };
  const result: Record<string, unknown> = decoded(members);
  if (members.Code) result.Code = decoded(members.Code);
  if (members.Content) result.Content = decoded(members.Content);
  return result;
}

function answer(response: ServerResponse, status: number, output: unknown): void {
  if (status === 204) return void response.writeHead(204).end();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(output ?? {}, wireValue));
}

function answerInvoke(response: ServerResponse, output: any): void {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (output.FunctionError) headers['x-amz-function-error'] = output.FunctionError;
  if (output.LogResult) headers['x-amz-log-result'] = output.LogResult;
  if (output.ExecutedVersion) headers['x-amz-executed-version'] = output.ExecutedVersion;
  response.writeHead(output.StatusCode, headers);
  response.end(output.Payload);
}

/** The pieces of the response as they come; the payload of a chunk is bytes, that of the end is JSON. */
async function answerStream(
  response: ServerResponse,
  { StatusCode, ExecutedVersion, EventStream }: any,
): Promise<void> {
  response.writeHead(StatusCode, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amz-executed-version': ExecutedVersion,
  });
  const message = (type: string, contentType: string, payload: Uint8Array) =>
    eventMessage({ ':message-type': 'event', ':event-type': type, ':content-type': contentType }, payload);
  const messages = async function* (events: AsyncIterable<any>) {
    for await (const { PayloadChunk, InvokeComplete } of events) {
      yield PayloadChunk
        ? message('PayloadChunk', 'application/octet-stream', PayloadChunk.Payload)
        : message('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(InvokeComplete)));
    }
  };
  await pipeline(EventStream, messages, response).catch((error) => {
    // A caller that breaks off is no failure.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
