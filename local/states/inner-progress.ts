import type { Branch } from './branch.ts';
import type { Checkpoint, InnerProgress } from './environment.ts';
import type { Json } from './json.ts';
import { checkpointOf } from './run-branch.ts';
import { StatesError } from './states-error.ts';

/**
 * How far the branches of a failed state had come. Undefined where a redrive begins them all anew, as it does after data
 * that was too large.
 */
export function innerProgress(
  error: unknown,
  branches: readonly (Branch | undefined)[],
  outputs: readonly (Json | undefined)[],
): readonly InnerProgress[] | undefined {
  if (!(error instanceof StatesError) || error.error === 'States.DataLimitExceeded') return undefined;
  return branches.map((branch, index) => {
    const output = outputs[index];
    if (output !== undefined) return { output: JSON.stringify(output) };
    return branch?.current ? { at: checkpointOf(branch.current) } : null;
  });
}

/** Where a redriven branch goes on: at the state that it was in, whose work begins anew. */
export function redrivenFrom(
  { waiting: _waiting, retries: _retries, ...from }: Checkpoint,
  lastEventId: number,
): Checkpoint {
  return { ...from, lastEventId };
}
