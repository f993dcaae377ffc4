import type { Column } from '../../component/plan.ts';
import type { JoinShape, TakenColumn } from '../../component/shape.ts';
import { checkNames } from '../column-names.ts';
import type { Origin, StepTypes } from '../typing.ts';

interface Joined {
  readonly input: readonly Column[];
  readonly side: readonly Column[];
  /** Columns that must be equal, pair by pair. */
  readonly keys: { readonly input: readonly string[]; readonly side: readonly string[] };
}

/** Columns of a join: those of the input, then what is taken of the other side. */
export function joinTypes(shape: JoinShape, { input, side, keys }: Joined): StepTypes {
  const { how } = shape;
  const take = takenColumns(shape, side, keys.side);
  checkNames([...input, ...take].map(({ name }) => name));
  const inputMayMiss = how === 'right' || how === 'full';
  const sideMayMiss = how === 'left' || how === 'full';
  const lineage: Record<string, readonly Origin[]> = {};
  const own = input.map((column): Column => {
    const pair = keys.input.indexOf(column.name);
    const other = pair < 0 ? undefined : side.find(({ name }) => name === keys.side[pair]);
    lineage[column.name] = inputMayMiss && other ? [column.name, { input: 1, column: other.name }] : [column.name];
    return { ...column, nullable: nullable(column, other) };
  });
  const taken = take.map(({ name, column }): Column => {
    const { type, nullable } = side.find((one) => one.name === column)!;
    lineage[name] = [{ input: 1, column }];
    return { name, type, nullable: nullable || sideMayMiss };
  });
  // The key of a row that only the other side has comes from there.
  const kept = own.filter(({ name }) => !(inputMayMiss && keys.input.includes(name)));
  return {
    columns: [...own, ...taken],
    lineage,
    keeps: [...kept, ...taken].map(({ name }) => name),
    lookupKeys: keys,
  };

  function nullable(column: Column, other: Column | undefined): boolean {
    if (!other) return column.nullable || inputMayMiss;
    // A NULL matches nothing, so no row that has matched has one in its key.
    if (how === 'inner' || how === 'semi') return false;
    if (how === 'right') return other.nullable;
    return column.nullable || (how === 'full' && other.nullable);
  }
}

/** What a join takes of its second input. */
export function takenColumns(
  { take }: JoinShape,
  side: readonly Column[],
  keys: readonly string[],
): readonly TakenColumn[] {
  if (!('but' in take)) return take;
  const others = side.filter(({ name }) => !keys.includes(name));
  return others.map(({ name }) => ({ name: `${take.prefix}${name}`, column: name }));
}
