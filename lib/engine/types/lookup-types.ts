import type { Column } from '../../component/plan.ts';
import { quoted, type Shape } from '../../component/shape.ts';
import { checkNames } from '../column-names.ts';
import type { Origin, StepTypes } from '../typing.ts';
import { withPresent } from './presence.ts';

interface Inputs {
  readonly input: readonly Column[];
  readonly side: readonly Column[];
  /** Columns that the lookup compares, of each. */
  readonly keys: NonNullable<StepTypes['lookupKeys']>;
}

/** What a lookup gives. */
export function lookupTypes(shape: Extract<Shape, { form: 'lookup' }>, { input, side, keys }: Inputs): StepTypes {
  checkNames(
    [...input.map(({ name }) => name), ...shape.take.map(({ name }) => name)],
    shape.take.map(({ name }) => name),
  );
  const taken = new Set(shape.take.map(({ name }) => name));
  // A NULL matches nothing, so that no row that has matched has one in its key.
  const [own, other] =
    shape.unmatched === 'null' ? [input, side] : [withPresent(input, keys.input), withPresent(side, keys.side)];
  const kept = own.filter(({ name }) => !taken.has(name));
  const columns = [...kept];
  const lineage: Record<string, readonly Origin[]> = Object.fromEntries(kept.map(({ name }) => [name, [name]]));
  for (const { name, expression } of shape.take) {
    const column = other.find((one) => quoted(one.name) === expression.sql)!;
    columns.push({ name, type: column.type, nullable: column.nullable || shape.unmatched === 'null' });
    lineage[name] = [{ input: 1, column: column.name }];
  }
  return { columns, lineage, keeps: kept.map(({ name }) => name), lookupKeys: keys };
}
