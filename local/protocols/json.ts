import type { AwsError } from '../aws-error.ts';
import { AwsError as AwsErrorClass } from '../aws-error.ts';
import type { Cloud, HttpExchange } from '../service.ts';
import { parseJson } from './parse-json.ts';
import { readBody as readBytes } from './read-body.ts';
import { checkOperation, checkTypes } from './shapes/check-input.ts';
import { checkRequired } from './shapes/check-required.ts';
import { unzipped } from './unzipped.ts';

/** Settings of one AWS JSON service. */
export interface JsonProtocol {
  readonly version: '1.0' | '1.1';
  /** Prefix of the `__type` of errors, e.g. `com.amazonaws.sqs#`. Default: none. */
  readonly errorNamespace?: string;
  /** Largest request body in bytes. Default 10 MiB. */
  readonly maxBodyBytes?: number;
  /** Further headers of an error answer, e.g. SQS's `x-amzn-query-error`. */
  errorHeaders?(error: AwsError): Record<string, string>;
}

/** Serves AWS JSON: the operation is in `X-Amz-Target`, input and output are JSON bodies. */
export function jsonHttp(cloud: Cloud, service: string, protocol: JsonProtocol) {
  const contentType = `application/x-amz-json-${protocol.version}`;
  return async ({ request, response, context }: HttpExchange): Promise<void> => {
    const operation = String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1)!;
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': context.requestId, ...headers });
      response.end(JSON.stringify(body ?? {}));
    };
    try {
      const maxBytes = protocol.maxBodyBytes ?? 10 * 1024 * 1024;
      const sent = await readBytes(request, maxBytes);
      const text = (await unzipped(sent, request.headers['content-encoding'], maxBytes)).toString('utf8');
      const call = { service, operation };
      checkOperation(call);
      const input = parseJson(text);
      checkTypes(call, input);
      checkRequired(call, input as object);
      const output = await cloud.call(service, operation, input, context);
      // AWS JSON carries timestamps as seconds since the epoch.
      response.writeHead(200, { 'content-type': contentType, 'x-amzn-requestid': context.requestId });
      response.end(JSON.stringify(output ?? {}, wireValue));
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof AwsErrorClass)) throw error;
      const body = {
        __type: `${protocol.errorNamespace ?? ''}${error.code}`,
        message: error.message,
        ...error.details,
      };
      answer(error.statusCode, body, protocol.errorHeaders?.(error));
    }
  };
}

/** `JSON.stringify` has called `toJSON` on dates before a replacer sees them, so the holder is asked for the original. */
export function wireValue(this: any, key: string, value: unknown): unknown {
  const original = this[key];
  if (original instanceof Date) return original.getTime() / 1000;
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
  return value;
}

/** Reads a whole body as text; a larger one than `maxBytes` answers 413 without being kept. */
export async function readBody(request: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  return (await readBytes(request, maxBytes)).toString('utf8');
}
