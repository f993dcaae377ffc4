import { PenstockError } from '../../core/errors/penstock-error.ts';
import { StepFailedError } from '../errors.ts';
import { throwIfMemoryShort } from '../memory-short-error.ts';
import type { StepInput } from './step.ts';

/** Does the work of a step. What DuckDB cannot do with the rows is a `StepFailedError` that names the step. */
export async function namingStep<T>({ node }: Pick<StepInput, 'node'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PenstockError || cause instanceof TypeError || (cause as Error).name === 'AbortError')
      throw cause;
    throwIfMemoryShort(cause, `step ${node.id}`);
    throw new StepFailedError({
      problem: `step ${node.id} failed on the data: ${String((cause as Error).message).split('\n')[0]}`,
      received: node.options,
      allowed: 'expressions that hold for every row that reaches the step',
      change: 'use a TRY_ function or a filter before it, so that such rows are set aside',
      cause,
    });
  }
}
