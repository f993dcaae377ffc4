import type { CommandFile } from '../command.ts';
import { findRun } from '../find-run.ts';
import { findPlatform } from '../platform.ts';
import { runDetail, showRun } from '../show-run.ts';

/** `penstock run show <id>`: ledger, stages, quality, tables and errors of one run. */
export const run: CommandFile = (program, act) => {
  program
    .command('run')
    .description('look at one run')
    .command('show <id>')
    .description('ledger, stages, quality, tables and errors; <id> may be shortened, or "latest"')
    .action(
      act(async ({ printer }, id: string) => {
        const platform = findPlatform();
        const detail = await runDetail(platform, await findRun(platform, id));
        printer.data(detail);
        showRun(printer, platform, detail);
      }),
    );
};
