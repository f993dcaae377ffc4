import type { JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { LanguageName } from './machine-scope.ts';
import { validateChoice } from './validate-choice.ts';
import { validateMap } from './validate-map.ts';
import type { StateUnderTest } from './validate-state.ts';
import { validateTask } from './validate-task.ts';
import { validateWait } from './validate-wait.ts';

type StateRule = (state: JsonObject, language: LanguageName, under: StateUnderTest) => void;

/** What is peculiar to a type of state. */
export const stateRules: Readonly<Record<string, StateRule>> = {
  Task: validateTask,
  Choice: validateChoice,
  Wait: validateWait,
  Map: validateMap,
  Parallel: validateParallel,
};

function validateParallel(
  state: JsonObject,
  _language: LanguageName,
  { place, scope, validateMachine }: StateUnderTest,
): void {
  if (state.Branches === undefined) return;
  if (!Array.isArray(state.Branches)) {
    scope.diagnostics.notType('ARRAY', `${place}/Branches`);
    return;
  }
  if (state.Branches.length === 0) scope.diagnostics.schema('Value cannot be empty', `${place}/Branches`);
  for (const [index, branch] of state.Branches.entries()) {
    const at = `${place}/Branches[${index}]`;
    if (isObject(branch)) validateMachine(branch, at, scope);
    else scope.diagnostics.notType('OBJECT', at);
  }
}
