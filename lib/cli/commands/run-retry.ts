import { begunRun } from '../begun-run.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { findRun } from '../find-run.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { showChanges } from '../show-changes.ts';
import { waitsForEnd, watchRuns } from '../watch-runs.ts';

/**
 * `penstock run retry <id>`: does what a failed or cancelled run was to do once more, as a new run on the plan that is
 * deployed now. JSON: `{ run, of, outcome: 'started' | 'exists', changes?: [{ what, name, change, members? }] }`, `changes`
 * being what the plan has otherwise than that of the earlier run, with `--wait` also `state`. The exit code of `--wait`
 * is 0 where the run completed.
 */
export const runRetry: CommandFile = (group, act) => {
  group
    .command('retry')
    .argument('<id>', 'id of a run that failed, the beginning of it, or "latest"')
    .description('start a failed run once more, on the plan that is deployed now')
    .option('--by <name>', 'who starts it; kept in the audit', doer, currentUser())
    .option('--wait', waitsForEnd)
    .action(
      act(async ({ printer }, id: string, { by, wait }: { by: string; wait?: boolean }) => {
        const platform = findPlatform();
        const { run: of, pipeline, planDigest } = await findRun(platform, id);
        const { run, outcome, changes } = await platform.retryRun({ run: of, pipeline, by, earlierDigest: planDigest });
        printer.line(outcome === 'started' ? `${of} is tried again: ${run}` : `${of} was tried again before: ${run}`);
        showChanges(printer, changes);
        if (!wait) return printer.data({ run, of, outcome, changes });
        const [ended] = await watchRuns(platform, [await begunRun(platform, run)], printer);
        printer.data({ run, of, outcome, changes, state: ended!.state });
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};
