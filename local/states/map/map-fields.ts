import type { Visit } from '../visit.ts';
import { Dataset } from './dataset.ts';

/** The fields of a Map state that are numbers or items, evaluated and checked. */
export const mapFields = {
  /** Items (JSONata) or ItemsPath (JSONPath), for a Map that takes them from its input; `members` of an object likewise. */
  async items(visit: Visit, { members }: { members: boolean }): Promise<Dataset> {
    return Dataset.ofState(await visit.node.language.items(visit, members));
  },

  /** 0 stands for "as many as possible". */
  async maxConcurrency(visit: Visit): Promise<number> {
    const { language, definition } = visit.node;
    const limit = (await language.number(visit, definition, 'MaxConcurrency', 'MaxConcurrency')) ?? 0;
    if (limit < 0) throw visit.runtimeError('MaxConcurrency cannot be negative.');
    return limit;
  },

  /** How many failed items, and what share of them in percent, a distributed Map puts up with. */
  async tolerance(visit: Visit): Promise<{ count: number; percentage: number }> {
    const { language, definition } = visit.node;
    const count = (await language.number(visit, definition, 'ToleratedFailureCount', 'ToleratedFailureCount')) ?? 0;
    if (count < 0) throw visit.runtimeError('ToleratedFailureCount cannot be negative.');
    const field = 'ToleratedFailurePercentage';
    const percentage = (await language.number(visit, definition, field, field)) ?? 0;
    if (percentage < 0 || percentage > 100) {
      throw visit.runtimeError('ToleratedFailurePercentage must be between 0 and 100.');
    }
    return { count, percentage };
  },
};
