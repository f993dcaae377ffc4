import { elementType } from './column-types.ts';
import type { JsonType } from './json-value.ts';
import { structFields } from './struct-type.ts';

/** True for lists and structures. */
export function isNested(type: string): boolean {
  return elementType(type) !== undefined || structFields(type) !== undefined;
}

/** A DuckDB type as the tree that JSON is typed by, e.g. `[{ city: 'VARCHAR' }]` for `STRUCT(city VARCHAR)[]`. */
export function jsonTypeOf(type: string): JsonType {
  const element = elementType(type);
  if (element !== undefined) return [jsonTypeOf(element)];
  const members = structFields(type);
  return members ? Object.fromEntries(members.map((member) => [member.name, jsonTypeOf(member.type)])) : type;
}
