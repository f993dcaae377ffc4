import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { findRun } from '../find-run.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';

/**
 * `penstock run acknowledge <id>`: says that somebody looks after a run that failed or waits, so that nobody else is told
 * of it. JSON: `{ run, pipeline, by }`.
 */
export const runAcknowledge: CommandFile = (group, act) => {
  group
    .command('acknowledge')
    .argument('<id>', 'id of a run that failed or waits, the beginning of it, or "latest"')
    .description('say that somebody looks after a run; nobody else is told of it')
    .option('--by <name>', 'who looks after it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, id: string, { by }: { by: string }) => {
        const platform = findPlatform();
        const { run, pipeline } = await findRun(platform, id);
        await platform.acknowledgeRun({ run, pipeline, by });
        printer.data({ run, pipeline, by });
        printer.line(`${by} looks after ${run}`);
      }),
    );
};
