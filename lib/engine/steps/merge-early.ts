import type { Shape } from '../../component/shape.ts';
import { drawEarly } from './draw.ts';
import { firstEarly } from './first.ts';
import { groupEarly } from './group.ts';
import type { StepInput } from './step.ts';
import { windowEarly } from './window.ts';

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

export function mergeEarly(input: StepInput): Promise<string> {
  const form = forms[input.shape.form];
  if (!form) throw new TypeError(`rows of step ${input.node.id} cannot be merged before they travel`);
  return form(input);
}
