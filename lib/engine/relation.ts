import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { InputFile } from './chunk.ts';
import { sameName } from './column-names.ts';

/**
 * Hidden column: position of the file in the run × 2^40 + record number in it (from 1). Names a row for its whole life.
 * Where one row became several it is a list: that number, and then numbers that tell the several apart.
 */
export const rowColumn = '__row';
export const rowBits = 40;

/** Hidden column of rows that have travelled to a join: true for copies. */
export const copyColumn = '__copy';

/** SQL of the row id of the first record of a file, or of a chunk's part of it. */
export function firstRow({ file, recordsBefore = 0 }: Pick<InputFile, 'file' | 'recordsBefore'>): string {
  return `(${file}::BIGINT << ${rowBits}) + ${recordsBefore + 1}`;
}

/** Rows of a node inside a session: a view or a table named like the node, with the hidden row column. */
export interface Relation {
  readonly node: string;
  /** Quoted, for SQL. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  /** True where one source row may have become several: the hidden column is a BIGINT[]. Default: it is a BIGINT. */
  readonly forked?: boolean;
  /** True where some rows are copies of what another chunk accounts for: `__copy` tells which. They are not in `rows`. */
  readonly copied?: boolean;
  /** True where a chunk has merged rows that a step still has to meet: each tells how many it stands for. */
  readonly merged?: boolean;
  /** True where the first rows come no sooner than the last ones, so that looking at some costs what reading all does. */
  readonly slow?: boolean;
  /** Columns whose values no two rows have alike, NULLs included. Absent: none are known. */
  readonly oncePer?: readonly string[];
  /** Where each of the rows is one of another relation with columns added from a side: that other one. Absent: it is not. */
  readonly widened?: Widened;
}

interface Widened {
  /** The relation of which this is true: one that was made of it may have other rows. */
  readonly name: string;
  /** The relation without what was added. */
  readonly from: Relation;
  readonly added: readonly string[];
}

/**
 * SQL of the same rows with fewer columns, where those that are named allow it: DuckDB would join a side for the others, too,
 * as it does not know that no row is lost or doubled by it.
 */
export function rowsNaming(relation: Pick<Relation, 'name' | 'widened'>, names: readonly string[]): string {
  const { name, widened } = relation;
  if (widened?.name !== name || widened.added.some((one) => names.some((used) => sameName(one, used)))) return name;
  return rowsNaming(widened.from, names);
}

/** What no two of some rows of a relation have alike, where only columns of these names may have other values now. */
export function stillOncePer(
  { oncePer }: Pick<Relation, 'oncePer'>,
  changed: readonly string[] = [],
): Pick<Relation, 'oncePer'> {
  return oncePer && !oncePer.some((key) => changed.some((name) => sameName(name, key))) ? { oncePer } : {};
}

/** SQL of the rows, named by their place in the source alone, as rejects tell it. */
export function rowsBySource({ name, forked }: Pick<Relation, 'name' | 'forked'>): string {
  return forked ? `(SELECT * REPLACE (${rowColumn}[1] AS ${rowColumn}) FROM ${name})` : name;
}

/** SQL of what names a row, as a list wherever it comes from; empty where the row is missing on its side of a join. */
export function rowPath(alias: string, { forked }: Pick<Relation, 'forked'>): string {
  const row = `${alias}.${rowColumn}`;
  return forked ? `coalesce(${row}, []::BIGINT[])` : `CASE WHEN ${row} IS NULL THEN []::BIGINT[] ELSE [${row}] END`;
}

/** The quoted name of a node's relation. */
export function relationName(node: string): string {
  return quoted(`node ${node}`);
}

/** SQL of a table that rows are joined with. DuckDB's own column of a table, `rowid`, would hide a column of that name. */
export function besideRows(table: string): string {
  return `(FROM ${table})`;
}

/** `"a", "b", "__row"`. */
export function columnList(columns: readonly Pick<Column, 'name'>[], ...more: string[]): string {
  return [...columns.map((column) => quoted(column.name)), ...more].join(', ');
}
