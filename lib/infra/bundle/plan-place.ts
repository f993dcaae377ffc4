import type { Plan } from '../../component/plan.ts';

/** What stands in the code, as JSON, where the plan belongs. */
export const planPlace = 'penstock:plan, to be put here';

const place = new RegExp(`(["'\`])${planPlace}\\1`, 'g');

/** Code that was built without its plan, with it. */
export function withPlan(code: string, plan: Plan): string {
  const text = JSON.stringify(JSON.stringify(plan));
  return code.replaceAll(place, () => text);
}
