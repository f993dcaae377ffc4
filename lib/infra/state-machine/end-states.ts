import type { States } from './states-language.ts';

export const completed = 'Completed';

/** Where a published run ends. */
export function endStates(): States {
  return {
    [completed]: { Type: 'Succeed' },
  };
}
