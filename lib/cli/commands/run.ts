import type { CommandFile } from '../command.ts';
import { findRun } from '../find-run.ts';
import { findPlatform } from '../platform.ts';
import { runDetail, showRun } from '../show-run.ts';

/**
 * `penstock run show <id>`: ledger, quality, tables, times, failures of one run.
 * JSON: `{ run: as of "runs", ledger: [{ stage, step, in, out, rejected, filtered, merged, balanced, rules }],
 * times: [{ stage, milliseconds }], work: [{ stage, chunks, milliseconds, peakMemoryBytes }],
 * tables: [{ table, version, rows, bytes, files, … }], failures: [{ stage, chunk, error, mended, problem, … }],
 * report?: the quality report as it lies in the lake }`.
 */
export const run: CommandFile = (program, act) => {
  program
    .command('run')
    .description('look at one run')
    .command('show')
    .argument('<id>', 'id of the run, the beginning of it, or "latest"')
    .description('ledger, quality, tables, times and failures')
    .action(
      act(async ({ printer }, id: string) => {
        const platform = findPlatform();
        const detail = await runDetail(platform, await findRun(platform, id));
        printer.data(detail);
        showRun(printer, detail);
      }),
    );
};
