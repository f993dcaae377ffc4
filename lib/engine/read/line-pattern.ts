import { isNested } from '../../component/nested-type.ts';
import type { ContractField } from '../../component/plan.ts';
import { sameName } from '../column-names.ts';
import { objectOf } from './sample-keys.ts';

/**
 * What a value of JSON is, by its bytes alone. A text has no escapes. Integers have up to 15 or 18 digits, which a DOUBLE or
 * a BIGINT keeps; a fraction has no exponent and up to 15 bytes, a precise one up to 32: a DOUBLE is the number next to it, and
 * never infinite or 0.
 */
export const kinds = {
  text: 1,
  short: 2,
  long: 4,
  fraction: 8,
  precise: 16,
  number: 32,
  boolean: 64,
  none: 128,
} as const;

const short = kinds.short | kinds.fraction;
const anything = 2 * kinds.none - 1;

/** Flat objects on lines that differ in their values only. */
export interface LinePattern {
  /** What stands before each value, and behind the last one. */
  readonly literals: readonly Buffer[];
  /** Which kinds the value of each key may be, in the order of the keys. */
  readonly allowed: readonly number[];
  /** Type as which DuckDB is to read each key that the contract names: the value then is the one that its text stands for. */
  readonly types: Readonly<Record<string, 'BIGINT' | 'DOUBLE' | 'VARCHAR'>>;
  readonly lineEnd: '\n' | '\r\n';
}

const member = /[ \t]*[{,][ \t]*"([^"\\]*)"[ \t]*:[ \t]*/y;
const scalar = /"(?:[^"\\]|\\.)*"|[^\s",:[\]{}]+/y;
const end = /[ \t]*\}[ \t]*$/y;

/**
 * The pattern of the first line of a sample that has one. Undefined where there is none, or where values of a field cannot be
 * told by their bytes.
 * @param keys that all objects of the sample have
 */
export function linePattern(
  lines: readonly string[],
  keys: readonly string[],
  fields: readonly ContractField[],
): LinePattern | undefined {
  const read = fields.filter(({ name }) => keys.includes(name));
  if (read.length === 0 || read.some(({ type }) => isNested(type))) return undefined;
  // No row is good without what must be there; and DuckDB numbers the rows of a table in a column of that name.
  if (fields.some((field) => (!field.nullable && !read.includes(field)) || sameName(field.name, 'rowid')))
    return undefined;
  // DuckDB's reader passes over blank lines, so that the place of a row would not be that of its line.
  if (lines.slice(0, -1).some((line) => line.trim() === '')) return undefined;
  for (const line of lines) {
    if (!objectOf(line)) continue;
    const lineEnd = line.endsWith('\r') ? '\r\n' : '\n';
    const parts = partsOf(line.replace(/\r$/, ''));
    if (!parts || parts.names.length !== keys.length) continue;
    const objects = lines.map(objectOf);
    const sentAs = (name: string, type: string) => objects.filter((object) => typeof object?.[name] === type).length;
    const types = read.map(({ name, type }) => {
      return [name, sentAs(name, 'number') > sentAs(name, 'string') ? numberType(type) : 'VARCHAR'] as const;
    });
    const typeOf = Object.assign(Object.create(null), Object.fromEntries(types));
    const fieldOf = (name: string) => read.find((field) => field.name === name);
    const allowed = parts.names.map((name) => allowedIn(fieldOf(name), typeOf[name]));
    return { literals: parts.literals, allowed, types: typeOf, lineEnd };
  }
  return undefined;
}

/** Names of an object's members, and what stands around their values. Undefined where one of them is a list or an object. */
function partsOf(
  line: string,
): { readonly names: readonly string[]; readonly literals: readonly Buffer[] } | undefined {
  const names: string[] = [];
  const literals: Buffer[] = [];
  let place = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = place;
    const found = pattern.exec(line);
    if (found) place += found[0].length;
    return found;
  };
  for (let found = next(member); found; found = next(member)) {
    names.push(found[1]!);
    literals.push(Buffer.from(found[0]));
    if (!next(scalar)) return undefined;
  }
  const closing = next(end);
  if (!closing || new Set(names).size !== names.length) return undefined;
  return { names, literals: [...literals, Buffer.from(closing[0])] };
}

function numberType(type: string): 'BIGINT' | 'DOUBLE' | 'VARCHAR' {
  if (type === 'DOUBLE') return 'DOUBLE';
  return /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type) ? 'BIGINT' : 'VARCHAR';
}

/** A number that reaches a text field has a check of its own, so that such a line is looked at closely. */
function allowedIn(field: ContractField | undefined, read: string | undefined): number {
  if (!field) return anything;
  if (read === 'BIGINT') return kinds.short | kinds.long | kinds.none;
  if (read === 'DOUBLE') return short | kinds.precise | kinds.none;
  return field.type === 'VARCHAR' ? kinds.text | kinds.none : kinds.text | short | kinds.boolean | kinds.none;
}
