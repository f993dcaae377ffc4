import { columnOf } from '../component/errors.ts';
import type { Measure } from '../component/measure.ts';
import type { Column } from '../component/plan.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { isUnknown } from '../engine/types/unknown-type.ts';
import type { Typing } from '../engine/typing.ts';

/** Two columns that are to hold the same values cannot. */
export class ColumnTypesDifferError extends TerminalError {
  override readonly name = 'ColumnTypesDifferError';
  readonly code = 'COLUMN_TYPES_DIFFER';
}

/** Columns that a rule meets. */
export interface RuleColumns {
  readonly own: readonly Column[];
  /** Of the rows that it holds its own against; undefined where they are known only when the run is there. */
  readonly others?: readonly Column[];
}

/** Checks what a rule would ask of the engine, on tables without rows. Throws what a step would throw. */
export async function checkMeasure(measure: Measure, { own, others }: RuleColumns, typing: Typing): Promise<void> {
  switch (measure.form) {
    case 'count':
      await typing.condition({ sql: measure.holds, ...(measure.shown !== undefined && { shown: measure.shown }) }, own);
      return;
    case 'distinct':
      for (const name of measure.key) columnOf(name, own);
      return;
    case 'members':
      for (const [index, name] of measure.columns.entries()) checkPair(name, measure.among[index]!, { own, others });
      return;
    case 'groups':
      for (const name of measure.by) checkPair(name, name, { own, others });
      await typing.measure(asNumber(measure.own), own);
      if (others) await typing.measure(asNumber(measure.other), others);
      return;
    case 'values':
      for (const { aggregate } of Object.values(measure.values)) await typing.measure(aggregate, own);
      return;
    case 'profile':
      await typing.condition({ sql: `(${measure.value}\n) IS NULL` }, own);
  }
}

function checkPair(name: string, otherName: string, { own, others }: RuleColumns): void {
  const column = columnOf(name, own);
  if (!others) return;
  const other = columnOf(otherName, others);
  if (other.type === column.type || isUnknown(column) || isUnknown(other)) return;
  throw new ColumnTypesDifferError({
    problem: `"${name}" is ${column.type} and "${otherName}" of the other dataset is ${other.type}`,
    received: `${column.type} and ${other.type}`,
    allowed: 'two columns of the same type',
    change: `cast one of them, e.g. cast({ ${otherName}: '${column.type}' })`,
  });
}

/** A count, so that an aggregate of any type can be asked for. */
function asNumber(aggregate: string): string {
  return `((${aggregate}\n) IS NULL)::BIGINT`;
}
