import { isObject, type Json, type JsonObject, setMember } from '../json.ts';

/**
 * A result as plain JSON: JSONata's marks on arrays are gone, members that are undefined too. Undefined where it holds
 * something that is no JSON (a function, a regular expression). Values without marks are returned as they are. Numbers that
 * JSON does not have are named: `Infinity`, `NaN`.
 */
export function plainResult(value: Json): Json | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return plainArray(value);
  if (value instanceof RegExp || value._jsonata_function || value._jsonata_lambda) return undefined;
  return isObject(value) ? plainObject(value) : undefined;
}

function plainArray(items: Json[]): Json[] | undefined {
  const plain: Json[] = [];
  let changed = Object.keys(Object.getOwnPropertyDescriptors(items)).length !== items.length + 1;
  for (const item of items) {
    const made = item === undefined ? null : plainResult(item);
    if (made === undefined) return undefined;
    changed ||= made !== item;
    plain.push(made);
  }
  return changed ? plain : items;
}

function plainObject(value: JsonObject): JsonObject | undefined {
  const plain: JsonObject = {};
  let changed = false;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) {
      changed = true;
      continue;
    }
    const made = plainResult(member);
    if (made === undefined) return undefined;
    changed ||= made !== member;
    setMember(plain, key, made);
  }
  return changed ? plain : value;
}

/** The name of a value's type, as messages give it. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
