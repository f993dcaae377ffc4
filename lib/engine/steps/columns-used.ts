import type { Column } from '../../component/plan.ts';
import type { GroupShape } from '../../component/shape.ts';
import { readTree, type Tree } from '../aggregates/expression-tree.ts';
import { sameName } from '../column-names.ts';
import type { Session } from '../session.ts';

/** The columns that keys and measures name. */
export async function columnsUsed(
  session: Session,
  { keys, measures }: GroupShape,
  columns: readonly Column[],
): Promise<Column[]> {
  const names: string[] = [];
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    names.push(...((part as Tree).column_names ?? []));
    Object.values(part).forEach(collect);
  };
  const expressions = [...keys, ...measures].map(({ expression }) => expression);
  const conditions = measures.flatMap(({ where }) => where ?? []);
  for (const { sql } of [...expressions, ...conditions]) collect(await readTree(session, sql));
  return columns.filter(({ name }) => names.some((used) => sameName(used, name)));
}
