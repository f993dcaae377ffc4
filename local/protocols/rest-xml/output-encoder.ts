import type { Member, OperationShape } from './shape.ts';
import { textXml, toText, toXml } from './xml-codec.ts';

/** An answer ready for the wire: `stream` is a member whose bytes the caller writes itself. */
export interface EncodedOutput {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly stream?: unknown;
}

/** Compiles a writer of the SDK's output shape to status, headers and XML. */
export function outputEncoder({ output, status }: OperationShape, namespace: string) {
  const headerMembers = output.members.filter((member) => member.in === 'header');
  const prefixed = output.members.filter((member) => member.in === 'prefixHeaders');
  const bodyMembers = output.members.filter((member) => member.in === 'body');
  const payload = output.members.find((member) => member.in === 'payload');
  // One answer of S3 is the element of its only member, without another around it.
  const unwrapped = bodyMembers.length === 1 && bodyMembers[0]!.xmlName === output.xmlName;
  return (value: any): EncodedOutput => {
    const headers: Record<string, string> = {};
    for (const member of headerMembers) {
      const each = value[member.name];
      if (each !== undefined && each !== null) headers[member.wireName] = headerText(member, each);
    }
    for (const member of prefixed) {
      for (const [name, each] of Object.entries(value[member.name] ?? {})) {
        headers[member.wireName + name] = headerSafe(String(each));
      }
    }
    if (payload) return { status, headers, ...payloadOf(payload, value[payload.name], namespace) };
    if (bodyMembers.length === 0) return { status, headers };
    return {
      status,
      headers,
      body: unwrapped
        ? textXml(bodyMembers[0]!, namespace, value)
        : toXml(bodyMembers, output.xmlName, namespace, value),
    };
  };
}

/** A header holds Latin-1; anything else travels as an encoded word, as AWS sends it. */
function headerSafe(text: string): string {
  return /[^\t\x20-\xff]/.test(text) ? `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=` : text;
}

function payloadOf({ shape, xmlName }: Member, value: any, namespace: string): Pick<EncodedOutput, 'body' | 'stream'> {
  if (value === undefined || value === null) return {};
  if (shape.kind === 'structure') return { body: toXml(shape.members, xmlName, namespace, value) };
  return shape.kind === 'stream' ? { stream: value } : { body: String(value) };
}

function headerText({ shape }: Member, value: any): string {
  if (shape.kind !== 'list') return toText(shape, value, 'http-date');
  return value.map((each: any) => toText(shape.element.shape, each, 'http-date')).join(',');
}
