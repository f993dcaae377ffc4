import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import { valueAsJson } from '../component/value-as-json.ts';

/** A value of a row: SQL, its type, and the name that it goes by. */
export interface JsonMember extends Pick<Column, 'name' | 'type'> {
  /** Default: the column of that name. */
  readonly sql?: string;
}

/**
 * SQL of a row as JSON text. Every value can be had again from it: what a number of JSON would round (decimals, integers
 * beyond 64 bits) or cannot be (NaN) stands as text.
 */
export function rowAsJson(columns: readonly JsonMember[]): string {
  const members = columns.map(({ name, type, sql = quoted(name) }) => `${literal(name)}, ${valueAsJson(sql, type)}`);
  return `json_object(${members.join(', ')})::VARCHAR`;
}
