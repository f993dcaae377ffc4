import { ColumnLineage } from '../component/column-lineage.ts';
import type { Plan } from '../component/plan.ts';

/** For each table and column of a plan: the columns of sources that it is made of, as `source.column`. */
export type Lineage = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Where the values of every published column come from, through all steps. */
export function lineageOf(plan: Plan): Lineage {
  const lineage = new ColumnLineage(plan);
  const outputs = plan.nodes.flatMap((node) => (node.kind === 'output' ? [node] : []));
  return Object.fromEntries(
    outputs.map(({ id, table, columns }) => [
      table,
      Object.fromEntries(
        columns.map(({ name }) => [name, lineage.origins(id, name).map(({ source, column }) => `${source}.${column}`)]),
      ),
    ]),
  );
}
