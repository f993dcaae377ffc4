import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { findRun } from '../find-run.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { watchRuns } from '../watch-runs.ts';

/**
 * `penstock run cancel <id>`: stops a run; nothing of it is published. One of which a table was published already is
 * completed instead. JSON: `{ run, pipeline, by, state }`. The exit code is 0 where the run was cancelled.
 */
export const runCancel: CommandFile = (group, act) => {
  group
    .command('cancel')
    .argument('<id>', 'id of the run, the beginning of it, or "latest"')
    .description('stop a run; nothing of it is published')
    .option('--by <name>', 'who cancels; kept with the run', doer, currentUser())
    .action(
      act(async ({ printer }, id: string, { by }: { by: string }) => {
        const platform = findPlatform();
        const found = await findRun(platform, id);
        const { run, pipeline } = found;
        await platform.cancelRun({ run, pipeline, by });
        const stopping = (await platform.runs.find(run)) ?? found;
        const [ended] = await watchRuns(platform, [stopping], printer);
        const { state } = ended!;
        printer.data({ run, pipeline, by, state });
        if (state === 'Cancelled') printer.line(`${run}: cancelled by ${by}; nothing of it was published`);
        else printer.line(`${run}: a table of it was published already, so it was brought to its end`);
        return state === 'Cancelled' ? 0 : 1;
      }),
    );
};
