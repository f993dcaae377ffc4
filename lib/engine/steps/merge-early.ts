import type { Shape } from '../../component/shape.ts';
import type { Taken } from '../rejects.ts';
import { drawEarly } from './draw.ts';
import { withoutFailing } from './failing-rows.ts';
import { firstEarly } from './first.ts';
import { groupEarly } from './group.ts';
import { namingStep } from './naming-step.ts';
import type { StepInput } from './step.ts';
import { windowEarly } from './window.ts';

/** What a chunk hands on to a step in the place of its rows. */
export interface EarlyRows {
  /** SQL of rows with their ids and the number of rows that each stands for. */
  readonly select: string;
  /** Rows that they stand for. */
  readonly rows: number;
  /** Those that the step could not have worked with, set aside before they travel. */
  readonly taken: Taken;
}

/**
 * How rows are merged in a chunk before they travel to where all of them meet, so that a key that most rows have weighs
 * no more than any other: SQL of rows with their ids and the number of rows that each stands for.
 */
const forms: { readonly [Form in Shape['form']]?: (input: StepInput<any>) => Promise<string> } = {
  group: groupEarly,
  first: firstEarly,
  window: windowEarly,
  draw: drawEarly,
};

export async function mergeEarly(input: StepInput): Promise<EarlyRows> {
  const form = forms[input.shape.form];
  if (!form) throw new TypeError(`rows of step ${input.node.id} cannot be merged before they travel`);
  return namingStep(input, async () => {
    const { input: rows, taken } = await withoutFailing(input);
    return { select: await form({ ...input, input: rows }), rows: rows.rows, taken };
  });
}
