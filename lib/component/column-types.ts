import { ColumnTypeUnfitError, columnOf } from './errors.ts';
import type { Column } from './plan.ts';

/** Kinds of DuckDB type that components tell apart. */
const kinds = {
  number: /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|FLOAT|DOUBLE)$/,
  time: /^(DATE|TIMESTAMP.*)$/,
  text: /^(VARCHAR|ENUM.*)$/,
  boolean: /^BOOLEAN$/,
} as const;

export type ColumnKind = keyof typeof kinds;

const titles: Readonly<Record<ColumnKind, string>> = {
  number: 'a number',
  time: 'a DATE or a TIMESTAMP',
  text: 'a text',
  boolean: 'a BOOLEAN',
};

/** Type of the elements of a list; undefined for types that are none. */
export function elementType(type: string): string | undefined {
  return /^([\s\S]+)\[\d*\]$/.exec(type)?.[1];
}

/** Undefined for types that are none of the kinds: TIME, UUID, BLOB, nested ones. */
export function kindOf(type: string): ColumnKind | undefined {
  return (Object.keys(kinds) as ColumnKind[]).find((kind) => kinds[kind].test(type));
}

/** Finds a column that is of one of these kinds. Throws `ColumnUnknownError`, `ColumnTypeUnfitError`. */
export function columnOfKind(name: string, columns: readonly Column[], ...allowed: readonly ColumnKind[]): ColumnKind {
  const { type } = columnOf(name, columns);
  const kind = kindOf(type);
  if (kind && allowed.includes(kind)) return kind;
  throw new ColumnTypeUnfitError(name, type, allowed.map((one) => titles[one]).join(', or '));
}
