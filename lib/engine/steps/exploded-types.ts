import { elementType } from '../../component/column-types.ts';
import type { Column } from '../../component/plan.ts';
import type { ExplodeShape } from '../../component/shape.ts';
import { checkNames } from '../column-names.ts';
import type { StepTypes } from '../typing.ts';

/** What exploding a list gives. The shape names a column that is a list. */
export function explodedTypes({ column, as, position, empty }: ExplodeShape, input: readonly Column[]): StepTypes {
  const columns = input.map((one): Column => {
    return one.name === column ? { name: as, type: elementType(one.type)!, nullable: true } : one;
  });
  if (position !== undefined) columns.push({ name: position, type: 'BIGINT', nullable: empty === 'keep' });
  checkNames(columns.map(({ name }) => name));
  const others = input.filter(({ name }) => name !== column).map(({ name }) => name);
  return {
    columns,
    keeps: others,
    lineage: Object.fromEntries([
      ...others.map((name) => [name, [name]]),
      [as, [column]],
      ...(position === undefined ? [] : [[position, [column]]]),
    ]),
  };
}
