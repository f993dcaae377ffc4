import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';

/** Hidden column: position of the file in the run × 2^40 + record number in it (from 1). Names a row for its whole life. */
export const rowColumn = '__row';
export const rowBits = 40;

/** Rows of a node inside a session: a view or a table named like the node, with the hidden row column. */
export interface Relation {
  readonly node: string;
  /** Quoted, for SQL. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** The quoted name of a node's relation. */
export function relationName(node: string): string {
  return quoted(`node ${node}`);
}

/** `"a", "b", "__row"`. */
export function columnList(columns: readonly Pick<Column, 'name'>[], ...more: string[]): string {
  return [...columns.map((column) => quoted(column.name)), ...more].join(', ');
}
