import { begunRun } from '../begun-run.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { findRun } from '../find-run.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { showChanges } from '../show-changes.ts';
import { waitsForEnd, watchRuns } from '../watch-runs.ts';

/**
 * `penstock run redrive <id>`: lets a failed run go on; what it had done is not done again. Where another plan is deployed
 * by now, it is started once more on that, as by `retry`. JSON: `{ run, of, outcome: 'redriven' | 'started' | 'exists',
 * changes?: as of "run retry" }`, with `--wait` also `state`. The exit code of `--wait` is 0 where the run completed.
 */
export const runRedrive: CommandFile = (group, act) => {
  group
    .command('redrive')
    .argument('<id>', 'id of a run that failed, the beginning of it, or "latest"')
    .description('let a failed run go on; what it had done is not done again')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .option('--wait', waitsForEnd)
    .action(
      act(async ({ printer }, id: string, { by, wait }: { by: string; wait?: boolean }) => {
        const platform = findPlatform();
        const { run: of, pipeline, planDigest } = await findRun(platform, id);
        const request = { run: of, pipeline, by, earlierDigest: planDigest };
        const { run, outcome, changes } = await platform.redriveRun(request);
        printer.line(outcome === 'redriven' ? `${of} goes on` : `${of} is started once more: ${run}`);
        showChanges(printer, changes);
        if (!wait) return printer.data({ run, of, outcome, changes });
        const [ended] = await watchRuns(platform, [await begunRun(platform, run)], printer);
        printer.data({ run, of, outcome, changes, state: ended!.state });
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};
