import { AwsError } from '../aws-error.ts';
import type { Cloud, HttpExchange } from '../service.ts';
import { readBody } from './read-body.ts';
import { checkFormTypes, checkOperation } from './shapes/check-input.ts';

/** Settings of one AWS Query service. */
export interface QueryProtocol {
  /** XML namespace of its answers. */
  readonly namespace: string;
  /** Members of outputs that are maps: written as entries and not as elements of their own. */
  readonly maps?: readonly string[];
  /** Largest request body in bytes. Default 10 MiB. */
  readonly maxBodyBytes?: number;
}

/**
 * Serves the AWS Query protocol: the operation and its input are a form, the output is XML. The form has no types, so
 * operations get every scalar as text.
 */
export function queryHttp(cloud: Cloud, service: string, protocol: QueryProtocol) {
  return async ({ request, response, context, url }: HttpExchange): Promise<void> => {
    const answer = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': context.requestId });
      response.end(body);
    };
    const id = `<RequestId>${context.requestId}</RequestId>`;
    try {
      const body = await readBody(request, protocol.maxBodyBytes ?? 10 * 1024 * 1024);
      const form = new URLSearchParams(request.method === 'GET' ? url.search : body.toString('utf8'));
      const operation = form.get('Action') ?? '';
      checkOperation({ service, operation }, 'InvalidAction');
      const input = queryInput(form);
      checkFormTypes({ service, operation }, input);
      const output = await cloud.call(service, operation, input, context);
      const result = elements(output ?? {}, new Set(protocol.maps));
      answer(
        200,
        `<${operation}Response xmlns="${protocol.namespace}"><${operation}Result>${result}</${operation}Result>` +
          `<ResponseMetadata>${id}</ResponseMetadata></${operation}Response>`,
      );
    } catch (error) {
      if (context.signal.aborted) return;
      if (!(error instanceof AwsError)) throw error;
      const type = error.statusCode < 500 ? 'Sender' : 'Receiver';
      const members = `<Type>${type}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
      answer(
        error.statusCode,
        `<ErrorResponse xmlns="${protocol.namespace}"><Error>${members}</Error>${id}</ErrorResponse>`,
      );
    }
  };
}

/** A form such as `Tags.member.1.Key=a` as nested values: lists from `member`, maps from `entry`. */
export function queryInput(form: URLSearchParams): any {
  const tree: Tree = new Map();
  for (const [path, value] of form) {
    if (path === 'Action' || path === 'Version' || path.startsWith('X-Amz-')) continue;
    const steps = path.split('.');
    let node = tree;
    for (const step of steps.slice(0, -1)) {
      const inner = node.get(step);
      if (inner instanceof Map) {
        node = inner;
      } else {
        const made: Tree = new Map();
        node.set(step, made);
        node = made;
      }
    }
    node.set(steps.at(-1)!, value);
  }
  return plain(tree);
}

type Tree = Map<string, Tree | string>;

function plain(node: Tree | string): any {
  if (typeof node === 'string') return node;
  const [wrapper] = node.keys();
  const inner = node.size === 1 ? node.get(wrapper!) : undefined;
  if (inner instanceof Map && wrapper === 'member') return inOrder(inner).map(plain);
  if (inner instanceof Map && wrapper === 'entry') {
    // SQS and SNS write the entries of message attributes as Name and Value, all others as key and value.
    const entries = inOrder(inner).map((entry) => {
      const { key, Name, value, Value } = plain(entry);
      return [key ?? Name, value ?? Value];
    });
    return Object.fromEntries(entries);
  }
  // An empty list is the bare name with nothing in it.
  return Object.fromEntries([...node].map(([name, value]) => [name, plain(value)]));
}

function inOrder(numbered: Tree): (Tree | string)[] {
  return [...numbered].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

function elements(value: object, maps: ReadonlySet<string>): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => `<${name}>${content(name, member, maps)}</${name}>`)
    .join('');
}

function content(name: string, value: unknown, maps: ReadonlySet<string>): string {
  if (Array.isArray(value)) return value.map((member) => `<member>${content('', member, maps)}</member>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  if (!maps.has(name)) return elements(value, maps);
  return Object.entries(value)
    .map(([key, member]) => `<entry><key>${escapeXml(key)}</key><value>${content('', member, maps)}</value></entry>`)
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character]!);
}
