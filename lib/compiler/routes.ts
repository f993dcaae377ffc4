import type { PlanNode, StepNode } from '../component/plan.ts';
import type { RouteShape } from '../component/shape.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { sha256 } from '../core/sha256.ts';
import type { DefinitionNode, Problem } from '../definition/index.ts';

/** Which choice a route belongs to: steps on the same input with the same routes make one choice. */
export function routeOf({ routes, otherwise, to }: RouteShape, input: string): NonNullable<StepNode['route']> {
  const choice = sha256(canonicalJson([input, routes])).slice(0, 16);
  return { choice, to, of: [...routes.map(({ name }) => name), otherwise] };
}

/** Routes that nobody takes: their rows would be gone in silence. */
export function routeProblems(nodes: readonly PlanNode[], definitions: readonly DefinitionNode[]): Problem[] {
  const steps = nodes.filter((node): node is StepNode => node.kind === 'step' && node.route !== undefined);
  return [...Map.groupBy(steps, ({ route }) => route!.choice).values()].flatMap((choice): Problem[] => {
    const taken = choice.map(({ route }) => route!.to);
    const left = choice[0]!.route!.of.filter((name) => !taken.includes(name));
    if (left.length === 0) return [];
    const { id, input } = choice[0]!;
    return [
      {
        at: definitions.find((node) => node.id === id)?.at,
        part: `${id} / routes`,
        problem: `rows that take the route ${left.map((name) => `"${name}"`).join(', ')} lead nowhere`,
        received: taken,
        allowed: choice[0]!.route!.of,
        change: `pipe "${input}" through route() to ${left[0]} as well, with the same routes, and bind it to an output or filter it`,
      },
    ];
  });
}
