import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws-error.ts';

interface AnswerOptions {
  readonly requestId: string;
  /** The service that the request was signed for, as far as that is known. */
  readonly service?: string;
}

/**
 * Answers a request that no service has come to serve: in the form that the caller's protocol expects, as far as the
 * request shows which that is. An unexpected error is a 500 with its stack, as the only reader is its developer.
 */
export function answerWithError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  options: AnswerOptions,
): void {
  if (response.headersSent) return void response.destroy();
  const known =
    error instanceof AwsError ? error : new AwsError('InternalFailure', String((error as Error)?.stack ?? error), 500);
  const { code, statusCode } = known;
  const [contentType, body] = errorBody(request, known, options);
  response.writeHead(statusCode, {
    'content-type': contentType,
    'x-amzn-errortype': code,
    'x-amzn-requestid': options.requestId,
    // A caller that is still sending a body too large would otherwise send all of it.
    ...(statusCode === 413 && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function errorBody({ headers, url = '' }: IncomingMessage, error: AwsError, { requestId, service }: AnswerOptions) {
  const element = `<Code>${error.code}</Code><Message>${xmlText(error.message)}</Message>`;
  const id = `<RequestId>${requestId}</RequestId>`;
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return ['text/xml', `<ErrorResponse><Error><Type>Sender</Type>${element}</Error>${id}</ErrorResponse>`];
  }
  if (service === 's3') {
    const resource = `<Resource>${xmlText(url)}</Resource>`;
    return ['application/xml', `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element}${resource}${id}</Error>`];
  }
  return [
    'application/x-amz-json-1.0',
    JSON.stringify({ __type: error.code, message: error.message, ...error.details }),
  ];
}

function xmlText(text: string): string {
  return text.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one]!);
}
