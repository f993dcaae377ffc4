import { createHash } from 'node:crypto';
import { invalidParameter } from './errors.ts';
import type { StoredAttribute } from './message.ts';

const nameRule = /^(?!\.)(?!(?:aws|amazon)\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const typeRule = /^(String|Number|Binary)(\..+)?$/;

/** Checks attributes as they came (binary as bytes from a service, as base64 off the wire) and makes them storable. */
export function storedAttributes(input: Record<string, any> | undefined): Record<string, StoredAttribute> | undefined {
  const names = Object.keys(input ?? {});
  if (names.length === 0) return undefined;
  if (names.length > 10)
    throw invalidParameter(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  return Object.fromEntries(names.map((name) => [name, storedAttribute(name, input![name])]));
}

function storedAttribute(name: string, value: any): StoredAttribute {
  if (!nameRule.test(name)) throw invalidParameter(`The message attribute name '${name}' is invalid.`);
  const type = typeRule.exec(value?.DataType ?? '');
  if (!type || value.DataType.length > 256) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const given = type[1] === 'Binary' ? value.BinaryValue : value.StringValue;
  if (given === undefined || given === null || given.length === 0) {
    const kind = type[1] === 'Binary' ? 'binary' : 'string';
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty message attribute ${kind} value.`);
  }
  if (type[1] === 'Binary') {
    const base64 = typeof given === 'string' ? given : Buffer.from(given).toString('base64');
    return { DataType: value.DataType, BinaryValue: base64 };
  }
  if (type[1] === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(given)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType: value.DataType, StringValue: String(given) };
}

/** Bytes that attributes add to the size of a message: names, types and values. */
export function attributesSize(attributes: Readonly<Record<string, StoredAttribute>> | undefined): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += StringValue === undefined ? Buffer.byteLength(BinaryValue!, 'base64') : Buffer.byteLength(StringValue);
  }
  return bytes;
}

/** The same of attributes as they came, right or wrong: a wrong one fails its own message and no other of its batch. */
export function givenSize(attributes: Record<string, any> | undefined): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(String(value?.DataType ?? ''));
    const binary = value?.BinaryValue;
    if (typeof binary === 'string') bytes += Buffer.byteLength(binary, 'base64');
    else bytes += binary?.length ?? Buffer.byteLength(String(value?.StringValue ?? ''));
  }
  return bytes;
}

/** The digest that SDKs verify: every part length-prefixed, attributes in the order of their names. */
export function attributesMd5(attributes: Readonly<Record<string, StoredAttribute>> | undefined): string | undefined {
  if (!attributes) return undefined;
  const hash = createHash('md5');
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    part(Buffer.from(name));
    part(Buffer.from(DataType));
    hash.update(Buffer.from([DataType.startsWith('Binary') ? 2 : 1]));
    part(StringValue === undefined ? Buffer.from(BinaryValue!, 'base64') : Buffer.from(StringValue));
  }
  return hash.digest('hex');
}

/** The attributes that a receiver asked for: by name, by `prefix.*`, or `All`. */
export function selectedAttributes(
  attributes: Readonly<Record<string, StoredAttribute>> | undefined,
  wanted: readonly string[],
): Record<string, StoredAttribute> | undefined {
  if (!attributes || wanted.length === 0) return undefined;
  const all = wanted.some((name) => name === 'All' || name === '.*');
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1));
  const names = Object.keys(attributes).filter(
    (name) => all || wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, attributes[name]!]));
}
