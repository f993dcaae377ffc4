import { ApiFailure } from '../api-failure.ts';
import type { ApiResponse, Header } from '../api-request.ts';

const plainText: Header = ['content-type', 'text/plain;charset=UTF-8'];

/** Headers that belong to a connection, or that are made anew from the body. */
const dropped = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * What a function's answer becomes. In format 2.0 an answer without `statusCode` is the body itself, as it was written.
 * Throws ApiFailure 500 for one that is malformed.
 */
export function lambdaResponse(payload: string, format: '1.0' | '2.0'): ApiResponse {
  const answer = parsed(payload);
  const structured = isRecord(answer) && 'statusCode' in answer;
  if (!structured && format === '2.0') {
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(payload) };
  }
  if (!structured) throw malformed('statusCode is missing');
  const { statusCode, body, isBase64Encoded = false } = answer;
  const status = typeof statusCode === 'string' && /^\d+$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (!Number.isInteger(status) || (status as number) < 100 || (status as number) > 599) {
    throw malformed(`statusCode is ${JSON.stringify(statusCode)}`);
  }
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed('body is not a string');
  if (typeof isBase64Encoded !== 'boolean') throw malformed('isBase64Encoded is not true or false');
  const headers = headersOf(answer, format);
  return {
    status: status as number,
    headers: headers.some(([name]) => name.toLowerCase() === 'content-type') ? headers : [plainText, ...headers],
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function headersOf(answer: Record<string, unknown>, format: '1.0' | '2.0'): Header[] {
  const single = pairs('headers', answer.headers, (value) => [value]);
  const several = pairs('multiValueHeaders', format === '1.0' ? answer.multiValueHeaders : undefined, (value) => {
    if (!Array.isArray(value)) throw malformed('multiValueHeaders holds something that is not a list');
    return value;
  });
  const cookies = format === '2.0' ? (answer.cookies ?? []) : [];
  if (!Array.isArray(cookies)) throw malformed('cookies is not a list');
  // Where both name a header, the list comes first.
  return [...several, ...single, ...cookies.map((cookie): Header => ['set-cookie', String(cookie)])].filter(
    ([name]) => !dropped.has(name.toLowerCase()),
  );
}

function pairs(member: string, given: unknown, values: (value: unknown) => unknown[]): Header[] {
  if (given === undefined || given === null) return [];
  if (!isRecord(given)) throw malformed(`${member} is not an object`);
  return Object.entries(given).flatMap(([name, value]) =>
    values(value).map((one): Header => {
      if (!['string', 'number', 'boolean'].includes(typeof one)) throw malformed(`the header ${name} is not text`);
      return [name, String(one)];
    }),
  );
}

function malformed(reason: string): ApiFailure {
  return new ApiFailure(500, `The response from the Lambda function is malformed: ${reason}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
