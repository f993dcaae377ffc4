import { elementType } from './column-types.ts';
import type { JsonType } from './json-value.ts';
import { quoted } from './shape.ts';
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

/** The same lists and structures of other types: `leaf` gives one for each type that is neither, maps included. */
export function withLeaves(type: string, leaf: (type: string) => string): string {
  const element = elementType(type);
  if (element !== undefined) return `${withLeaves(element, leaf)}[]`;
  const members = structFields(type);
  if (!members) return leaf(type);
  return `STRUCT(${members.map((member) => `${quoted(member.name)} ${withLeaves(member.type, leaf)}`).join(', ')})`;
}
