/**
 * Reads the schemas that an AWS SDK v3 client carries for its own (de)serializers, so that wire names, headers and
 * XML shapes are written down nowhere else. A schema is a tuple: kind, namespace, name, traits, then what the kind has.
 */
export type Shape =
  | {
      readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'stream';
      readonly format?: TimestampFormat;
    }
  | { readonly kind: 'list'; readonly element: Member }
  | { readonly kind: 'map'; readonly value: Member }
  | Structure;

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  readonly xmlName: string;
  readonly members: readonly Member[];
}

/** A member of a structure (or the element of a list) and where it travels. */
export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly in: 'body' | 'payload' | 'label' | 'header' | 'prefixHeaders' | 'query' | 'status';
  /** Name of the header (lower case), header prefix or query parameter. */
  readonly wireName: string;
  readonly xmlName: string;
  readonly flattened: boolean;
  readonly attribute: boolean;
}

export interface OperationShape {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Whether `x-amz-checksum-…` headers of a request are about its body. */
  readonly bodyChecksum: boolean;
  readonly input: Structure;
  readonly output: Structure;
}

type Traits = Readonly<Record<string, any>>;

const listFlag = 64;
const mapFlag = 128;
const maskBits: readonly (readonly [number, string])[] = [
  [1, 'httpLabel'],
  [16, 'httpPayload'],
  [32, 'httpResponseCode'],
];
const nothing: Structure = { kind: 'structure', name: 'Unit', xmlName: 'Unit', members: [] };
const structures = new Map<unknown, Structure>();

/** Compiles the operation schema that a client exports as `<Operation>$`. */
export function operationShape(schema: any): OperationShape {
  const [, , name, traits, input, output] = schema;
  const [method, path, status] = traits.http;
  const bodyChecksum = traits.httpChecksum !== undefined;
  return { name, method, path, status, bodyChecksum, input: structureOf(input), output: structureOf(output) };
}

function structureOf(schema: any): Structure {
  const { shape } = resolve(schema);
  return shape.kind === 'structure' ? shape : nothing;
}

function resolve(schema: any): { shape: Shape; traits: Traits } {
  if (typeof schema === 'function') return resolve(schema());
  if (typeof schema === 'number') return { shape: simpleShape(schema), traits: {} };
  if (typeof schema === 'string') return { shape: nothing, traits: {} };
  if (typeof schema[1] !== 'string') {
    const inner = resolve(schema[0]);
    return { shape: inner.shape, traits: { ...inner.traits, ...traitsOf(schema[1]) } };
  }
  const [kind, , , rawTraits] = schema;
  const traits = traitsOf(rawTraits);
  if (kind === 0) return { shape: resolve(schema[4]).shape, traits };
  if (kind === 1) return { shape: { kind: 'list', element: member('member', schema[4], true) }, traits };
  if (kind === 2) return { shape: { kind: 'map', value: member('value', schema[5], true) }, traits };
  return { shape: structure(schema, traits), traits };
}

function structure(schema: any, traits: Traits): Structure {
  const known = structures.get(schema);
  if (known) return known;
  const [, , name, , names, members, required = 0] = schema;
  // Members are read late: a structure may hold itself.
  const result: Structure = {
    kind: 'structure',
    name,
    xmlName: traits.xmlName ?? name,
    get members() {
      const read = (names as string[]).map((each, index) => member(each, members[index], index < required));
      Object.defineProperty(result, 'members', { value: read });
      return read;
    },
  };
  structures.set(schema, result);
  return result;
}

function member(name: string, schema: any, required: boolean): Member {
  const { shape, traits } = resolve(schema);
  return {
    name,
    shape,
    required,
    ...location(name, traits),
    xmlName: memberXmlName(schema) ?? name,
    flattened: traits.xmlFlattened !== undefined,
    attribute: traits.xmlAttribute !== undefined,
  };
}

/** Only the member's own trait counts: the xmlName of the shape that it points at is for when that is the root. */
function memberXmlName(schema: any): string | undefined {
  return Array.isArray(schema) && typeof schema[1] !== 'string' ? traitsOf(schema[1]).xmlName : undefined;
}

function location(name: string, traits: Traits): Pick<Member, 'in' | 'wireName'> {
  if (traits.httpHeader) return { in: 'header', wireName: traits.httpHeader.toLowerCase() };
  if (traits.httpPrefixHeaders) return { in: 'prefixHeaders', wireName: traits.httpPrefixHeaders.toLowerCase() };
  if (traits.httpQuery) return { in: 'query', wireName: traits.httpQuery };
  if (traits.httpLabel) return { in: 'label', wireName: name };
  if (traits.httpPayload) return { in: 'payload', wireName: name };
  if (traits.httpResponseCode) return { in: 'status', wireName: name };
  return { in: 'body', wireName: name };
}

function traitsOf(traits: number | Traits | undefined): Traits {
  if (typeof traits === 'object') return traits;
  const result: Record<string, number> = {};
  for (const [bit, name] of maskBits) if (((traits ?? 0) & bit) !== 0) result[name] = 1;
  return result;
}

function simpleShape(code: number): Shape {
  if ((code & listFlag) !== 0) return { kind: 'list', element: member('member', code & ~listFlag, true) };
  if ((code & mapFlag) !== 0) return { kind: 'map', value: member('value', code & ~mapFlag, true) };
  if (code === 1) return { kind: 'number' };
  if (code === 2) return { kind: 'boolean' };
  if (code === 21) return { kind: 'blob' };
  if (code === 42) return { kind: 'stream' };
  const format = { 4: undefined, 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' }[code] as
    | TimestampFormat
    | undefined;
  if (code >= 4 && code <= 7) return { kind: 'timestamp', ...(format && { format }) };
  return { kind: 'string' };
}
