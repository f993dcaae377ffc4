import { kindOf } from '../component/column-types.ts';
import { columnOf } from '../component/errors.ts';
import type { GroupsMeasure, Measure } from '../component/measure.ts';
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
      await typing.condition({ sql: measure.holds, shown: measure.shown, path: [] }, own);
      return;
    case 'distinct':
      for (const name of measure.key) columnOf(name, own);
      return;
    case 'members':
      for (const [index, name] of measure.columns.entries()) checkPair(name, measure.among[index]!, { own, others });
      return;
    case 'groups':
      for (const name of measure.by) checkPair(name, name, { own, others });
      await checkCompared(measure, { own, others }, typing);
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

/** What two datasets come to has to be of one kind, and a number where it need only be near to the other. */
async function checkCompared(measure: GroupsMeasure, { own, others }: RuleColumns, typing: Typing): Promise<void> {
  const sides = [[measure.own, own] as const, ...(others ? [[measure.other, others] as const] : [])];
  if (!others) await typing.parses(measure.other);
  const types: string[] = [];
  for (const [sql, columns] of sides) types.push(await typing.aggregateType(sql, columns));
  if (types.some((type) => isUnknown({ type }))) return;
  const isNear = measure.within > 0;
  if (types.every((type) => (isNear ? kindOf(type) === 'number' : isOneKind(type, types[0]!)))) return;
  throw new ColumnTypesDifferError({
    problem: sides.map(([sql], index) => `"${sql}" is ${types[index]}`).join(', and of the other dataset '),
    received: types,
    allowed: isNear ? 'numbers, of which `within` is a share' : 'two values of the same type',
    change: isNear ? 'leave out `within`, or compare numbers' : 'compare the same of both, or cast one of them',
  });
}

function isOneKind(a: string, b: string): boolean {
  return a === b || (kindOf(a) !== undefined && kindOf(a) === kindOf(b));
}
