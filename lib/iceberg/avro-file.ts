import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import avro from 'avsc';

type AvroSchema = Parameters<typeof avro.Type.forSchema>[0];

/** Longs as BigInt: values of columns go beyond what a number holds. */
const longs = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

export interface AvroContents {
  /** Of a record. */
  readonly schema: object;
  /** Null or undefined where a field is optional and has no value. */
  readonly records: readonly object[];
  /** Texts in the file's header. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An Avro object container file (deflate). The same contents give the same bytes. */
export async function avroFile({ schema, records, metadata }: AvroContents): Promise<Buffer> {
  const texts = { ...metadata, 'avro.schema': JSON.stringify(schema) };
  const encoder = new avro.streams.BlockEncoder(typeOf(schema), {
    codec: 'deflate',
    writeHeader: true,
    // What the type would print has lost the field ids: the header gets the schema as it was given.
    metadata: Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, Buffer.from(value)])),
    syncMarker: createHash('sha256').update(JSON.stringify(texts)).digest().subarray(0, 16),
  } as object);
  Readable.from(records.map((record) => wrapped(schema, record))).pipe(encoder);
  return buffer(encoder);
}

/** The records of an Avro file; null where an optional field has no value. */
export async function avroRecords<Value>(bytes: Buffer): Promise<Value[]> {
  let schema: unknown;
  const parseHook = (found: object) => {
    schema = found;
    return typeOf(found);
  };
  const decoder = new avro.streams.BlockDecoder({ parseHook } as object);
  const records: Value[] = [];
  for await (const record of Readable.from([bytes]).pipe(decoder)) records.push(unwrapped(schema, record) as Value);
  return records;
}

/** By schema, the newest last. A table has few, and to make one takes longer than to write a manifest of a few files. */
const types = new Map<string, avro.Type>();
const mostTypes = 32;

/** Unions are told apart by name: a BigInt alone would not say that it is a long. */
function typeOf(schema: object): avro.Type {
  const text = JSON.stringify(schema);
  const known = types.get(text);
  if (known) return known;
  // A long that counts microseconds is one as well: avsc looks up the others only by their name.
  const typeHook = (one: unknown) =>
    one === 'long' || (one as { readonly type?: unknown }).type === 'long' ? longs : undefined;
  const options = { typeHook, wrapUnions: true };
  const type = avro.Type.forSchema(schema as AvroSchema, options as object);
  types.set(text, type);
  if (types.size > mostTypes) types.delete(types.keys().next().value!);
  return type;
}

/** Branch of a union with null, and its name in avsc. */
function branchOf(union: readonly any[]): { readonly schema: any; readonly name: string } {
  const schema = union.find((one) => one !== 'null');
  return { schema, name: typeof schema === 'string' ? schema : (schema.name ?? schema.type) };
}

const wrapped = (schema: unknown, value: unknown) =>
  walk(
    schema,
    value,
    (branch, inner) => ({ [branch]: inner }),
    (_, given) => given,
  );
const unwrapped = (schema: unknown, value: unknown) =>
  walk(
    schema,
    value,
    (_, inner) => inner,
    (branch, given) => (given as Record<string, unknown>)[branch],
  );

function walk(
  schema: any,
  value: any,
  close: (branch: string, inner: unknown) => unknown,
  open: (branch: string, given: unknown) => unknown,
): unknown {
  if (Array.isArray(schema)) {
    if (value === null || value === undefined) return null;
    const branch = branchOf(schema);
    return close(branch.name, walk(branch.schema, open(branch.name, value), close, open));
  }
  if (schema.type === 'record') {
    const fields = schema.fields.map(({ name, type }: any) => [name, walk(type, value[name], close, open)]);
    return Object.fromEntries(fields);
  }
  if (schema.type === 'array') return value.map((item: unknown) => walk(schema.items, item, close, open));
  return value;
}
