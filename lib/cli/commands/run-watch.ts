import type { CommandFile } from '../command.ts';
import { findRun } from '../find-run.ts';
import { findPlatform } from '../platform.ts';
import { withoutToken } from '../run-text.ts';
import { waitsForEnd, watchRuns } from '../watch-runs.ts';

/**
 * `penstock run watch <id>`: follows one run to its end, or until it waits for a person.
 * JSON: the run, as of "runs". The exit code is 0 where it completed.
 */
export const runWatch: CommandFile = (group, act) => {
  group
    .command('watch')
    .argument('<id>', 'id of the run, the beginning of it, or "latest"')
    .description(waitsForEnd)
    .action(
      act(async ({ printer }, id: string) => {
        const platform = findPlatform();
        const [ended] = await watchRuns(platform, [await findRun(platform, id)], printer);
        printer.data(withoutToken(ended!));
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};
