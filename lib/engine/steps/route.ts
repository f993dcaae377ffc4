import { literal, type RouteShape } from '../../component/shape.ts';
import { stepCount } from '../ledger.ts';
import { relationOf, type StepInput, type StepResult } from './step.ts';

/** A view of the rows of one route. Where the others go is counted by name. */
export async function route({ session, node, shape, input }: StepInput<RouteShape>): Promise<StepResult> {
  const { routes, otherwise, to } = shape;
  const taken = routes.map(({ name, condition }) => `WHEN (${condition.sql}\n) THEN ${literal(name)}`);
  const way = `CASE ${taken.join(' ')} ELSE ${literal(otherwise)} END`;
  const found = await session.rows(`SELECT ${way} AS way, count(*) AS n FROM ${input.name} GROUP BY ALL ORDER BY way`);
  const ways = found.map((row) => [row.way as string, Number(row.n)] as const);
  const rowsOut = ways.find(([name]) => name === to)?.[1] ?? 0;
  const relation = relationOf(node, rowsOut, input);
  await session.run(`CREATE VIEW ${relation.name} AS SELECT * FROM ${input.name} WHERE ${way} = ${literal(to)}`);
  const others = ways.filter(([name]) => name !== to);
  return {
    relation,
    count: stepCount(node.id, {
      rowsIn: input.rows,
      rowsOut,
      routed: input.rows - rowsOut,
      rules: Object.fromEntries(others.map(([name, rows]) => [`takes route ${name}`, rows])),
    }),
  };
}
