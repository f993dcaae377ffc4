import { complete } from '../complete.ts';
import { StatesError } from '../states-error.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Goes to the state that the first true rule names, else to Default. */
export const choice: StateTypeRunner = {
  async run(visit) {
    const { language, definition } = visit.node;
    const chosen = await language.choose(visit);
    if (!chosen) {
      if (definition.Default === undefined) {
        throw new StatesError(
          'States.NoChoiceMatched',
          `Failed to find a matching rule and no Default was given in the state '${visit.node.name}'`,
        );
      }
      return { ...(await complete(visit, visit.effectiveInput)), next: definition.Default };
    }
    const { rule, index } = chosen;
    const where = `Choices[${index}]/`;
    const variables = rule.Assign ? await language.assign(visit, rule.Assign, {}, where) : undefined;
    const output = await language.chosenOutput(visit, rule, where);
    return { output, next: rule.Next, ...(variables ? { variables } : {}) };
  },
};
