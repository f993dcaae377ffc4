import { StatesError } from '../states-error.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Ends its branch with an error of its own. */
export const fail: StateTypeRunner = {
  async run(visit) {
    const { language, definition } = visit.node;
    if (language.name === 'JSONPath') visit.inspect('afterInputPath', visit.input.value);
    const error = await language.string(visit, definition, 'Error');
    const cause = await language.string(visit, definition, 'Cause');
    throw new StatesError(error, cause);
  },
};
