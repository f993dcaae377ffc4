import type { Session } from '../session.ts';

/** Expressions of a statement: the time to plan one grows faster than with their number. */
const most = 64;

/**
 * What DuckDB counts for each column, all expressions of a column at once.
 * @param from SQL as it stands behind FROM
 * @param asked SQL of the counts of each column
 */
export async function countInParts(
  session: Session,
  from: string,
  asked: readonly (readonly string[])[],
): Promise<number[][]> {
  const counts: number[][] = [];
  for (const part of inParts(asked, (own) => own.length)) {
    const expressions = part.flat();
    const found = await session.counts(
      `SELECT ${expressions.map((sql, index) => `${sql} AS q${index}`).join(', ')} FROM ${from}`,
    );
    let next = 0;
    counts.push(...part.map((own) => own.map(() => found[next++]!)));
  }
  return counts;
}

/** Columns of which one statement asks, in their order: at least one, and no more than `most` expressions. */
export function inParts<Column>(columns: readonly Column[], expressions: (column: Column) => number): Column[][] {
  const parts: Column[][] = [];
  let room = 0;
  for (const column of columns) {
    const takes = expressions(column);
    if (parts.length === 0 || takes > room) {
      parts.push([]);
      room = most;
    }
    parts.at(-1)!.push(column);
    room -= takes;
  }
  return parts;
}
