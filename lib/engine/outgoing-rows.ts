import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { type Relation, rowColumn } from './relation.ts';
import { storableType } from './stored-type.ts';

/** Hidden column of rows on their way to another stage: the hash partition that they belong to. */
export const partitionColumn = '__partition';

/** SQL of what a table file holds: the columns of the node and nothing hidden. */
export function visibleRows(relation: Relation): string {
  return `SELECT ${relation.columns.map(stored).join(', ')} FROM ${relation.name}`;
}

/** SQL of rows on their way to another stage. */
export function travellingRows(
  relation: Relation,
  columns: readonly Column[],
  keys: readonly string[],
  partitions: number,
): string {
  const hash = keys.length > 0 ? `(hash(${keys.map(quoted).join(', ')}) % ${partitions})::INTEGER` : '0';
  return `SELECT ${[...columns.map(stored), rowColumn].join(', ')}, ${hash} AS ${partitionColumn} FROM ${relation.name}`;
}

function stored({ name, type }: Column): string {
  const kept = storableType(type) ?? type;
  return kept === type ? quoted(name) : `${quoted(name)}::${kept} AS ${quoted(name)}`;
}
