import { elementType, kindOf } from '../../component/column-types.ts';
import type { Measure } from '../../component/measure.ts';
import type { Column, QualityRulePlan } from '../../component/plan.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import { structFields } from '../../component/struct-type.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';

/**
 * Why the columns of a table that another pipeline writes cannot be held against those of a rule; undefined where they can.
 * What that pipeline calls them nobody knows before the run.
 */
export function unfitColumns(
  { plan, components }: PipelineCode,
  rule: QualityRulePlan,
  columns: readonly Column[],
): string | undefined {
  const own = outputs(plan).find(({ id }) => id === rule.output)!.columns;
  const measure = (components[rule.component] as QualityRule).measure(rule.options, own);
  for (const [name, otherName] of comparedColumns(measure)) {
    const other = columns.find((column) => column.name === otherName);
    if (!other) return `the table "${rule.against}" has no column "${otherName}"`;
    const { type } = own.find((column) => column.name === name)!;
    if (!areComparable(type, other.type))
      return `"${name}" is ${type} and "${otherName}" of the table "${rule.against}" is ${other.type}`;
  }
  return undefined;
}

function comparedColumns(measure: Measure): readonly (readonly [own: string, other: string])[] {
  if (measure.form === 'members') return measure.columns.map((name, index) => [name, measure.among[index]!]);
  return measure.form === 'groups' ? measure.by.map((name) => [name, name]) : [];
}

/** Of types without a kind (UUID, TIME, BLOB) only the very same; of lists and structures what holds for their parts. */
function areComparable(a: string, b: string): boolean {
  if (a === b) return true;
  const elements = [elementType(a), elementType(b)];
  if (elements.some((type) => type !== undefined))
    return elements.every((type) => type !== undefined) && areComparable(elements[0]!, elements[1]!);
  const [own, other] = [structFields(a), structFields(b)];
  if (own && other)
    return (
      own.length === other.length &&
      own.every(({ name, type }, index) => name === other[index]!.name && areComparable(type, other[index]!.type))
    );
  return kindOf(a) !== undefined && kindOf(a) === kindOf(b);
}
