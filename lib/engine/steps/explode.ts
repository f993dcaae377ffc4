import { elementType } from '../../component/column-types.ts';
import { type ExplodeShape, quoted } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { rowColumn } from '../relation.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view that unnests the lists; the count reads nothing but their lengths. */
export async function explode({ session, node, shape, input }: StepInput<ExplodeShape>): Promise<StepResult> {
  const { column, as, position, empty, rule } = shape;
  const type = elementType(input.columns.find(({ name }) => name === column)!.type);
  // Lists of a fixed length know fewer functions.
  const list = `${quoted(column)}::${type}[]`;
  const filled = `coalesce(len(${list}), 0) > 0`;
  const [elements, full] = (await session.counts(
    `SELECT coalesce(sum(len(${list})), 0), count(*) FILTER (${filled}) FROM ${input.name}`,
  )) as [number, number];
  const empties = input.rows - full;
  const filtered = empty === 'drop' ? empties : 0;
  const relation = relationOf(node, elements + empties - filtered, { ...input, forked: true });

  const [values, places] = [list, `range(1, len(${list}) + 1)`].map((some, index) => {
    const one = index === 0 ? `[NULL]::${type}[]` : '[NULL]::BIGINT[]';
    return empty === 'keep' ? `CASE WHEN ${filled} THEN ${some} ELSE ${one} END` : some;
  });
  const others = input.columns.filter(({ name }) => name !== column).map(({ name }) => quoted(name));
  const parted = [...others, rowColumn, `unnest(${values}) AS __element`, `unnest(${places}) AS __place`].join(', ');
  const columns = input.columns.map(({ name }) => (name === column ? `__element AS ${quoted(as)}` : quoted(name)));
  if (position !== undefined) columns.push(`__place AS ${quoted(position)}`);
  const row = input.forked ? rowColumn : `[${rowColumn}]`;
  columns.push(`list_append(${row}, coalesce(__place, 1)) AS ${rowColumn}`);
  await session.run(
    `CREATE VIEW ${relation.name} AS SELECT ${columns.join(', ')} FROM (SELECT ${parted} FROM ${input.name})`,
  );
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut: relation.rows,
      multiplied: elements - full,
      filtered,
      rules: filtered > 0 ? { [rule]: filtered } : {},
    }),
  };
}
