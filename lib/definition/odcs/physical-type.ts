import type { LogicalType, TypeOptions } from './column.ts';

/** What the name of a type in a database says about values. */
export interface PhysicalType {
  readonly type: LogicalType;
  readonly options: TypeOptions;
}

type Make = (width: number | undefined, scale: number | undefined) => PhysicalType | undefined;

const plain =
  (type: LogicalType, options: TypeOptions = {}): Make =>
  (width) =>
    width === undefined ? { type, options } : undefined;
const text: Make = (width) => ({ type: 'string', options: width === undefined ? {} : { maxLength: width } });
/** A moment's width is its precision, of which files know more than databases. */
const moment =
  (type: LogicalType): Make =>
  () => ({ type, options: {} });
const decimal: Make = (width, scale = 0) =>
  width === undefined ? undefined : { type: 'decimal', options: { width, scale } };

const types: Readonly<Record<string, Make>> = {
  varchar: text,
  char: text,
  'character varying': text,
  bpchar: text,
  character: text,
  nvarchar: text,
  text: plain('string'),
  string: plain('string'),
  uuid: plain('string', { format: 'uuid' }),
  int2: plain('integer', { format: 'i16' }),
  int4: plain('integer', { format: 'i32' }),
  int8: plain('integer', { format: 'i64' }),
  long: plain('integer', { format: 'i64' }),
  smallserial: plain('integer', { format: 'i16' }),
  serial: plain('integer', { format: 'i32' }),
  bigserial: plain('integer', { format: 'i64' }),
  float4: plain('number', { format: 'f32' }),
  float8: plain('number', { format: 'f64' }),
  float64: plain('number', { format: 'f64' }),
  tinyint: plain('integer', { format: 'i8' }),
  smallint: plain('integer', { format: 'i16' }),
  int: plain('integer', { format: 'i32' }),
  integer: plain('integer', { format: 'i32' }),
  bigint: plain('integer', { format: 'i64' }),
  hugeint: plain('integer', { format: 'i128' }),
  int16: plain('integer', { format: 'i16' }),
  int32: plain('integer', { format: 'i32' }),
  int64: plain('integer', { format: 'i64' }),
  real: plain('number', { format: 'f32' }),
  // 64 bits in most databases, 32 in some: no digit is lost where it is taken for the wider one.
  float: plain('number', { format: 'f64' }),
  double: plain('number', { format: 'f64' }),
  'double precision': plain('number', { format: 'f64' }),
  decimal,
  numeric: decimal,
  number: decimal,
  boolean: plain('boolean'),
  bool: plain('boolean'),
  date: plain('date'),
  time: moment('time'),
  timestamp: moment('timestamp'),
  datetime: moment('timestamp'),
  timestamptz: moment('timestamp'),
  'timestamp with time zone': moment('timestamp'),
  'timestamp without time zone': moment('timestamp'),
  timestamp_ntz: moment('timestamp'),
  timestamp_ltz: moment('timestamp'),
  timestamp_tz: moment('timestamp'),
};

export const physicalTypeNames = Object.keys(types);

/** Reads a type as databases write it, e.g. `VARCHAR(18)` or `numeric(12,2)`; undefined where it means nothing here. */
export function physicalType(text: string): PhysicalType | undefined {
  const found = /^([a-z][a-z0-9_ ]*?)\s*(?:[([]\s*(\d+)\s*(?:,\s*(\d+)\s*)?[)\]])?$/i.exec(text.trim());
  if (!found) return undefined;
  const [, name, width, scale] = found;
  const make = Object.hasOwn(types, name!.toLowerCase()) ? types[name!.toLowerCase()]! : undefined;
  return make?.(width === undefined ? undefined : Number(width), scale === undefined ? undefined : Number(scale));
}
