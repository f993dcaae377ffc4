import type { Shape } from '../../component/shape.ts';
import type { StepCount } from '../chunk.ts';
import type { Taken } from '../rejects.ts';
import { call } from './call.ts';
import { draw } from './draw.ts';
import { explode } from './explode.ts';
import { withoutFailing } from './failing-rows.ts';
import { first } from './first.ts';
import { group } from './group.ts';
import { join } from './join.ts';
import { keep } from './keep.ts';
import { lookup } from './lookup.ts';
import { namingStep } from './naming-step.ts';
import { project } from './project.ts';
import { route } from './route.ts';
import { sort } from './sort.ts';
import type { StepInput, StepResult } from './step.ts';
import { union } from './union.ts';
import { window } from './window.ts';

/** How each form of shape is run. */
const forms: { readonly [Form in Shape['form']]: (input: StepInput<any>) => Promise<StepResult> } = {
  project,
  keep,
  first,
  group,
  window,
  sort,
  lookup,
  join,
  union,
  call,
  explode,
  draw,
  route,
};

/** Runs one step of a stage. Rows on which an expression of it fails become rejects; throws `StepFailedError` where an aggregate does. */
export async function runStep(input: StepInput): Promise<StepResult> {
  return namingStep(input, async () => {
    const { input: rows, taken, routed } = await withoutFailing(input);
    const result = await forms[input.shape.form]({ ...input, input: rows });
    return { ...result, count: together(result.count, taken, routed) };
  });
}

/** What a step counts, with the rows that it was not given. */
function together(count: StepCount, taken: Taken, routed: number): StepCount {
  if (taken.rejected + routed === 0) return count;
  const critical = (count.critical ?? 0) + (taken.critical ?? 0);
  const rules = { ...count.rules };
  for (const [rule, rows] of Object.entries(taken.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
  return {
    ...count,
    rowsIn: count.rowsIn + taken.rejected + routed,
    rejected: count.rejected + taken.rejected,
    ...(count.routed !== undefined && { routed: count.routed + routed }),
    rules,
    ...(critical > 0 && { critical }),
  };
}
