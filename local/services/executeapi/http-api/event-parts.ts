import { randomBytes } from 'node:crypto';
import { type ApiRequest, type Header, headerOf } from '../api-request.ts';

const textual =
  /^(text\/|application\/(json|xml|javascript|x-javascript|graphql)\b|application\/[\w.-]+\+(json|xml)\b)/i;

/** The body as an event carries it: text where its type says so, base64 where not. */
export function bodyOf({ body, headers }: ApiRequest): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = headerOf(headers, 'content-type');
  const plain = (type === undefined || textual.test(type)) && headerOf(headers, 'content-encoding') === undefined;
  return { body: body.toString(plain ? 'utf8' : 'base64'), isBase64Encoded: !plain };
}

/** The headers as they reach an integration: with those that API Gateway adds. `at` is in milliseconds since the epoch. */
export function forwardedHeaders(
  { headers, body, sourceIp }: Pick<ApiRequest, 'headers' | 'sourceIp'> & Partial<ApiRequest>,
  at: number,
): Header[] {
  const sent = new Set(headers.map(([name]) => name.toLowerCase()));
  const [, port = '80'] = /:(\d+)$/.exec(headerOf(headers, 'host') ?? '') ?? [];
  const trace = `Root=1-${Math.floor(at / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const before = headerOf(headers, 'x-forwarded-for');
  const added: Header[] = [
    ...(body ? [['Content-Length', String(body.length)] as const] : []),
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-Port', port],
    // What is true here: a URL that is made of these leads back to this machine.
    ['X-Forwarded-Proto', 'http'],
  ];
  return [
    ...headers.filter(([name]) => !['x-forwarded-for', 'connection', 'transfer-encoding'].includes(name.toLowerCase())),
    ...added.filter(([name]) => !sent.has(name.toLowerCase())),
    ['X-Forwarded-For', before === undefined ? sourceIp : `${before}, ${sourceIp}`],
  ];
}

/** `12/Mar/2026:19:03:58 +0000` */
export function requestTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Undefined where there is nothing in it. */
export function filled<T extends object>(members: T): T | undefined {
  return Object.keys(members).length > 0 ? members : undefined;
}

/** All values of each name, under the spelling that came first. */
export function grouped(pairs: readonly Header[]): Record<string, string[]> {
  const groups = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of pairs) {
    const group = groups.get(name.toLowerCase()) ?? { name, values: [] };
    group.values.push(value);
    groups.set(name.toLowerCase(), group);
  }
  return Object.fromEntries([...groups.values()].map(({ name, values }) => [name, values]));
}

/** The last value of each name. */
export const lastOf = (groups: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1)!]));
