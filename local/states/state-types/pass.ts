import { complete } from '../complete.ts';
import { Payload } from '../payload.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Hands its input on, or a fixed Result (JSONPath), or what its Output makes of it. */
export const pass: StateTypeRunner = {
  async run(visit) {
    const { definition } = visit;
    if (definition.Result !== undefined) {
      visit.inspect('result', definition.Result);
      return complete(visit, new Payload(definition.Result));
    }
    const argument = await visit.node.language.argument(visit);
    return complete(visit, argument === visit.input.value ? visit.input : new Payload(argument));
  },
};
