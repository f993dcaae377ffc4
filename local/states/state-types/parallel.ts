import { Branch } from '../branch.ts';
import { complete } from '../complete.ts';
import type { BranchProgress } from '../environment.ts';
import { Payload } from '../payload.ts';
import { progressOf, redrivenFrom } from '../progress.ts';
import { recordAbort } from '../record-abort.ts';
import { runBranch } from '../run-branch.ts';
import { Scope } from '../scope.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import type { StateTypeRunner } from './state-types.ts';

/** Runs its branches side by side; the first that fails fails the state. */
export const parallel: StateTypeRunner = {
  async run(visit, from) {
    const argument = await visit.node.language.argument(visit);
    const input = argument === visit.input.value ? visit.input : new Payload(argument);
    const outputs = await runBranches(visit, input, from?.inner ?? []);
    return complete(visit, new Payload(outputs));
  },
  failed(visit) {
    visit.branch.record('ParallelStateFailed');
  },
};

async function runBranches(visit: Visit, input: Payload, earlier: readonly BranchProgress[]) {
  const { branch } = visit;
  const { run, signal } = branch;
  const startedEventId = branch.record('ParallelStateStarted');
  const abort = new AbortController();
  const branches = visit.node.branches!.map(
    (machine) =>
      new Branch({
        run,
        machine,
        scope: new Scope(branch.scope),
        signal: AbortSignal.any([signal, abort.signal]),
        lastEventId: startedEventId,
        mapItem: branch.mapItem,
      }),
  );
  branch.inner = branches;
  visit.progress = () => branches.map(progressOf);
  let lastToEnd = branches[0]!;
  let failed: Branch | undefined;
  try {
    const outputs = await Promise.all(
      branches.map(async (inner, index) => {
        const progress = earlier[index];
        if (progress && 'output' in progress) {
          inner.left = { output: Payload.parse(progress.output), next: undefined };
          return inner.left.output.value;
        }
        try {
          const from = progress ? redrivenFrom(inner, progress.at) : undefined;
          const output = await runBranch(inner, input, from);
          lastToEnd = inner;
          return output.value;
        } catch (error) {
          failed ??= inner;
          throw error;
        }
      }),
    );
    branch.lastEventId = lastToEnd.lastEventId;
    run.history.record('ParallelStateSucceeded', branch.lastEventId);
    return outputs;
  } catch (error) {
    const previous = failed!.lastEventId;
    if (error instanceof StatesError && !error.terminal) {
      // What happens to other branches in the same instant still happens to them.
      await run.environment.clock.sleep(0, signal);
      for (const inner of branches) recordAbort(inner, previous);
    }
    branch.lastEventId = previous;
    abort.abort();
    throw error;
  } finally {
    branch.inner = [];
  }
}
