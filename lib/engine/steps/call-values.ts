import { withLeaves } from '../../component/nested-type.ts';
import type { Column } from '../../component/plan.ts';
import { quoted } from '../../component/shape.ts';

/** Types that JavaScript has a value for; nested ones are made of them. */
const asTheyAre = /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|VARCHAR|BLOB|MAP.*)$/;

/** SQL of a column on its way to a user's function: what JavaScript would round or bend travels as text. */
export function givenSql({ name, type }: Column): string {
  const given = withLeaves(type, (leaf) => (asTheyAre.test(leaf) ? leaf : 'VARCHAR'));
  return given === type ? quoted(name) : `${quoted(name)}::${given}`;
}

/** How a returned value reaches the engine: a number of a vector, or text. */
export type Crossing = 'integer' | 'fraction' | 'truth' | 'text';

/** NaN stands for no value: a row with a NaN of its own crosses as text. */
const orNothing = (column: string) => `nullif(${column}, 'nan'::DOUBLE)`;

/** What crosses over as 64-bit floats is made into its own type again, which loses nothing. */
export const crossings: Readonly<Record<Crossing, { readonly type: string; value(column: string): string }>> = {
  integer: { type: 'BIGINT', value: (column) => `${orNothing(column)}::BIGINT` },
  fraction: { type: 'DOUBLE', value: orNothing },
  truth: { type: 'BOOLEAN', value: (column) => `${orNothing(column)}::BOOLEAN` },
  text: { type: 'VARCHAR', value: (column) => column },
};

export function crossingOf(type: string): Crossing {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'integer';
  if (type === 'DOUBLE') return 'fraction';
  return type === 'BOOLEAN' ? 'truth' : 'text';
}

/**
 * What became of one call: values that all are what their columns ask for; or a text (or nothing) for each column; or why
 * there is none.
 */
export type CallResult =
  | { readonly values: readonly (number | string | null)[] }
  | { readonly texts: readonly (string | undefined)[] }
  | { readonly error: string };

export interface RowCall {
  /** Of a row; or of columns and how many rows they hold. */
  readonly userFunction: (given: any, rows?: number) => unknown;
  /** Of the row that comes out. */
  readonly returns: readonly ReturnedColumn[];
}

interface ReturnedColumn {
  readonly name: string;
  readonly crossing: Crossing;
  /** True for names that every object answers to, e.g. `constructor`. */
  readonly isOfAll: boolean;
}

export function returnedColumn({ name, type }: Pick<Column, 'name' | 'type'>): ReturnedColumn {
  return { name, crossing: crossingOf(type), isOfAll: name in Object.prototype };
}

/** Makes the row that a user's function is given out of columns. No name means anything to it, `__proto__` neither. */
export function rowMaker(
  names: readonly string[],
): (columns: readonly (readonly unknown[])[], index: number) => object {
  // Objects of one constructor share their layout; those without a prototype are slow dictionaries.
  const Row = function Row() {} as unknown as new () => Record<string, unknown>;
  Row.prototype = Object.create(null);
  return (columns, index) => {
    const row = new Row();
    for (let at = 0; at < names.length; at++) row[names[at]!] = friendly(columns[at]![index]);
    return row;
  };
}

/** Gives a user's function columns: those of some of the rows of a vector. */
export function columnsMaker(
  names: readonly string[],
): (columns: readonly (readonly unknown[])[], from: number, to: number) => object {
  return (columns, from, to) => {
    const given = Object.create(null) as Record<string, unknown[]>;
    for (const [at, name] of names.entries()) given[name] = columns[at]!.slice(from, to).map(friendly);
    return given;
  };
}

/** Calls the user's function; whatever it throws or returns becomes a result. */
export function callRow({ userFunction, returns }: RowCall, row: object): CallResult {
  try {
    const returned = mapping(userFunction(row), 'a row');
    return crossed(
      returns.map((column) => memberOf(returned, column)),
      returns,
    );
  } catch (cause) {
    return thrown(cause);
  }
}

/** Calls it for rows that are given as columns: what became of each row, or why of none. */
export function callColumns(
  { userFunction, returns }: RowCall,
  columns: object,
  rows: number,
): readonly CallResult[] | { readonly error: string } {
  try {
    const returned = mapping(userFunction(columns, rows), 'columns');
    const lists = returns.map((column) => listOf(memberOf(returned, column), column.name, rows));
    return Array.from({ length: rows }, (_, row) => {
      try {
        return crossed(
          lists.map((list) => list?.[row]),
          returns,
        );
      } catch (cause) {
        return thrown(cause);
      }
    });
  } catch (cause) {
    return thrown(cause);
  }
}

function mapping(returned: unknown, wanted: string): Record<string, unknown> {
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned))
    throw new TypeError(`the function returned ${kindOf(returned)}, not ${wanted}`);
  if (typeof (returned as { then?: unknown }).then === 'function')
    throw new TypeError(`the function returned a promise, not ${wanted}: it must not be async`);
  return returned as Record<string, unknown>;
}

/** Undefined where the column is not there: then no row has a value. */
function listOf(member: unknown, name: string, rows: number): ArrayLike<unknown> | undefined {
  if (member === undefined || member === null) return undefined;
  const list = member as ArrayLike<unknown>;
  if (!Array.isArray(member) && !ArrayBuffer.isView(member))
    throw new TypeError(`the function returned ${kindOf(member)} for the column "${name}", not a list of values`);
  if (list.length !== rows)
    throw new TypeError(`the function returned ${list.length} values of the column "${name}" for ${rows} rows`);
  return list;
}

function crossed(members: readonly unknown[], returns: RowCall['returns']): CallResult {
  const values = exactValues(members, returns);
  return values ? { values } : { texts: members.map(text) };
}

function thrown(cause: unknown): { readonly error: string } {
  return { error: String((cause as Error | undefined)?.message ?? cause) };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

/** Every object has a `constructor`; a row has one only if the function says so. */
function memberOf(row: Record<string, unknown>, { name, isOfAll }: RowCall['returns'][number]): unknown {
  return isOfAll && !Object.hasOwn(row, name) ? undefined : row[name];
}

/** Undefined where one of them is not what its column asks for. */
function exactValues(members: readonly unknown[], returns: RowCall['returns']): (number | string | null)[] | undefined {
  const values: (number | string | null)[] = [];
  for (let index = 0; index < members.length; index++) {
    const value = exactValue(members[index], returns[index]!.crossing);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function exactValue(value: unknown, crossing: Crossing): number | string | null | undefined {
  if (crossing === 'text') return text(value) ?? null;
  if (value === undefined || value === null) return Number.NaN;
  if (crossing === 'truth') return typeof value === 'boolean' ? Number(value) : undefined;
  const isExact = crossing === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  // Zero has no sign in a table.
  return isExact ? (value as number) + 0 : undefined;
}

/** Integers arrive as numbers as long as they are exact. */
function friendly(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  // Made for this row alone, so that it may be changed.
  const inside = value as Record<string, unknown>;
  for (const key of Object.keys(inside)) inside[key] = friendly(inside[key]);
  return inside;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') {
    requireWhole(value);
    return value;
  }
  if (Number.isSafeInteger(value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  // String() writes an integer beyond 2^53 with zeros in place of its last digits.
  if (isLongInteger(value)) return String(BigInt(value));
  if (typeof value === 'object') {
    // An address, a day or a decimal of a library is the text that it says of itself, without the quotes of JSON.
    const said = (value as { toJSON?: unknown }).toJSON && JSON.parse(JSON.stringify(value, exactMember));
    return typeof said === 'string' ? text(said) : JSON.stringify(value, exactMember);
  }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no value`);
  return String(value);
}

/** True for an integer that a number holds and does not write with all of its digits. */
function isLongInteger(value: unknown): value is number {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 127;
}

/** TypeScript's library does not know it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Numbers that JSON.stringify would refuse, bend or leave out, and what it would leave out without a word. */
function exactMember(this: any, key: string, value: unknown): unknown {
  if (typeof value === 'bigint' || isLongInteger(value)) return rawJSON(String(BigInt(value)));
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no value`);
  if (typeof value === 'string') requireWhole(value);
  const given = this[key];
  // A date that is none would become null.
  if (given instanceof Date) return given.toISOString();
  if (isOpaque(given)) throw new TypeError(`${nameOf(given)} is no value: make a text, a list or an object of it`);
  return value;
}

function requireWhole(text: string): void {
  if (!text.isWellFormed()) throw new TypeError('a text with half a character is no value');
}

/** True for bytes, and for what JSON has no more than "{}" of: a Map, a Set, a promise, an error, a regular expression. */
function isOpaque(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (ArrayBuffer.isView(value)) return true;
  const isPlain = /^\[object (Object|Array|String|Number|Boolean|BigInt)\]$/.test(
    Object.prototype.toString.call(value),
  );
  return !isPlain && !('toJSON' in value) && Object.keys(value).length === 0;
}

function nameOf(value: object): string {
  return `a value of class ${value.constructor?.name ?? 'Object'}`;
}
