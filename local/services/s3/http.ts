import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError, NotSupportedError } from '../../aws-error.ts';
import type { RequestTarget } from '../../protocols/rest-xml/router.ts';
import type { Cloud, HttpExchange } from '../../service.ts';
import { BodyChecks, checksumHeaders } from './body-checks.ts';
import { type Codec, s3Codecs } from './codecs.ts';
import { errorXml } from './error-xml.ts';
import { S3Error, s3Error } from './errors.ts';
import type { IncomingBody } from './incoming-body.ts';
import { ObjectBody } from './object-body.ts';
import { requestTarget } from './request-target.ts';
import { wireBody } from './wire-body.ts';

/** Largest XML or policy document; the list of 10,000 parts with checksums is the longest that there is. */
const longestDocumentBytes = 8 * 1024 * 1024;

/** Serves S3's REST protocol: the SDK's model says where each member travels. */
export function s3Http(cloud: Cloud) {
  const codecs = s3Codecs();
  return async ({ request, response, context }: HttpExchange): Promise<void> => {
    response.setHeader('x-amz-request-id', context.requestId);
    try {
      const target = requestTarget(request);
      const codec = codecs.find(target);
      if (!codec) throw new NotSupportedError(`s3 ${target.method} at ${request.url}`);
      const input = decodedInput(codec, target);
      await readBody(codec, target, wireBody(request, target.headers), input);
      const output = await cloud.call('s3', codec.operation.name, input, context);
      await answer(response, codec, output ?? {}, target);
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof AwsError) || response.headersSent) throw error;
      answerError(response, error, request.url ?? '/', context.requestId);
    }
    // What is left of a refused body would be read as the next request.
    if (!request.complete) request.resume();
  };
}

function decodedInput(codec: Codec, target: RequestTarget): any {
  try {
    return codec.decode(target);
  } catch (error) {
    if (error instanceof SyntaxError) throw s3Error('InvalidArgument', {}, error.message);
    throw error;
  }
}

async function readBody(
  { body: binding, operation }: Codec,
  target: RequestTarget,
  body: IncomingBody,
  input: any,
): Promise<void> {
  if (binding.kind === 'stream') {
    input[binding.member] = body;
    return;
  }
  const checksums = operation.bodyChecksum ? checksumHeaders(target.headers) : {};
  const checks = new BodyChecks({ contentMd5: target.headers['content-md5'] as string | undefined, checksums }, body);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > longestDocumentBytes) throw s3Error('EntityTooLarge');
    checks.update(chunk);
    chunks.push(chunk);
  }
  checks.finish();
  if (binding.kind === 'none') return;
  const text = Buffer.concat(chunks).toString('utf8');
  if (binding.kind !== 'xml') input[binding.member] = text;
  else {
    try {
      binding.read(text, input);
    } catch (error) {
      if (error instanceof SyntaxError) throw s3Error('MalformedXML', { Problem: error.message });
      throw error;
    }
  }
}

async function answer(response: ServerResponse, codec: Codec, output: any, { method }: RequestTarget): Promise<void> {
  const { status, headers, body, stream } = codec.encode(output);
  // A read of a part of an object is the one answer whose status is not that of the model.
  response.statusCode = output.ContentRange !== undefined ? 206 : status;
  for (const name in headers) response.setHeader(name, headers[name]!);
  if (method === 'HEAD' || (body === undefined && stream === undefined)) {
    if (method !== 'HEAD' && status !== 204) response.setHeader('content-length', 0);
    response.end();
    return;
  }
  if (body !== undefined) {
    if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/xml');
    response.end(body);
    return;
  }
  const small = stream instanceof ObjectBody ? stream.small() : undefined;
  if (small) response.end(small);
  else await pipeline(stream as ObjectBody, response);
}

function answerError(response: ServerResponse, error: AwsError, resource: string, requestId: string): void {
  response.statusCode = error.statusCode;
  for (const [name, value] of Object.entries(error instanceof S3Error ? error.headers : {}))
    response.setHeader(name, value);
  if (response.req.method === 'HEAD' || error.statusCode === 304) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/xml');
  response.end(errorXml(error, resource, requestId));
}
