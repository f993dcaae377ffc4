import type { Plan } from '../component/plan.ts';
import type { QualityRule } from '../component/quality-rule.ts';
import { components } from '../registry/components.ts';

/** Ids of the quality rules that single rows break, which can be held for it. The others judge all rows at once. */
export function rulesOfRows({ quality, nodes }: Pick<Plan, 'quality' | 'nodes'>): readonly string[] {
  return quality
    .filter(({ component, options, output }) => {
      const rule = components[component as keyof typeof components] as unknown as QualityRule;
      const { columns } = nodes.find(({ id }) => id === output)!;
      return ['count', 'distinct', 'members'].includes(rule.measure(options, columns).form);
    })
    .map(({ id }) => id);
}
