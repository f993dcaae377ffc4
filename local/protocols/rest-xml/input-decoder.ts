import type { RequestTarget } from './router.ts';
import type { Member, OperationShape } from './shape.ts';
import { fromText, fromXml } from './xml-codec.ts';

/** Compiles a reader of everything but the body: labels, query and headers in the SDK's input shape. */
export function inputDecoder({ input }: OperationShape) {
  const headers = input.members.filter((member) => member.in === 'header');
  const queries = input.members.filter((member) => member.in === 'query');
  const prefixed = input.members.filter((member) => member.in === 'prefixHeaders');
  return (target: RequestTarget): any => {
    const result: any = {};
    if (target.bucket !== undefined) result.Bucket = target.bucket;
    if (target.key !== undefined) result.Key = target.key;
    for (const member of headers) {
      const text = target.headers[member.wireName];
      if (text !== undefined) result[member.name] = headerValue(member, String(text));
    }
    for (const member of queries) {
      const text = target.query.get(member.wireName);
      if (text !== undefined) result[member.name] = fromText(member.shape, text);
    }
    for (const member of prefixed) result[member.name] = prefixHeaders(member.wireName, target.headers);
    return result;
  };
}

/** Where the body of an operation goes: nowhere, into a member as a stream or text, or as XML into one or more members. */
export type BodyBinding =
  | { readonly kind: 'none' }
  | { readonly kind: 'stream' | 'text'; readonly member: string }
  | { readonly kind: 'xml'; read(source: string, into: any): void };

export function bodyBinding({ input }: OperationShape): BodyBinding {
  const payload = input.members.find((member) => member.in === 'payload');
  if (!payload) return { kind: 'none' };
  if (payload.shape.kind === 'structure') {
    const { shape, name } = payload;
    return {
      kind: 'xml',
      read(source, into) {
        if (source.trim() !== '') into[name] = fromXml(shape, source);
      },
    };
  }
  return { kind: payload.shape.kind === 'stream' ? 'stream' : 'text', member: payload.name };
}

function headerValue(member: Member, text: string): unknown {
  if (member.shape.kind !== 'list') return fromText(member.shape, text);
  const { shape } = member.shape.element;
  return text.split(',').map((each) => fromText(shape, each.trim()));
}

function prefixHeaders(prefix: string, headers: RequestTarget['headers']): Record<string, string> | undefined {
  let result: Record<string, string> | undefined;
  for (const name in headers) {
    if (!name.startsWith(prefix)) continue;
    result ??= {};
    result[name.slice(prefix.length)] = String(headers[name]);
  }
  return result;
}
