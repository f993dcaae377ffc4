import { writeFileSync } from 'node:fs';
import type { CommandFile } from '../command.ts';
import { decidedPage } from '../decided-page.ts';
import { CommandInputError } from '../errors.ts';
import { findRun, type Run } from '../find-run.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { runDetail, showRun } from '../show-run.ts';
import { writingFile } from '../writing-file.ts';
import { runAcknowledge } from './run-acknowledge.ts';
import { runCancel } from './run-cancel.ts';
import { runRedrive } from './run-redrive.ts';
import { runRetry } from './run-retry.ts';
import { runWatch } from './run-watch.ts';

/**
 * `penstock run show <id>`: ledger, quality, tables, times, failures of one run.
 * JSON: `{ run: as of "runs", ledger: [{ stage, step, in, multiplied, out, rejected, filtered, merged, routed, balanced, rules }],
 * times: [{ stage, milliseconds }], work: [{ stage, chunks, milliseconds, peakMemoryBytes }],
 * functions: [{ step, rows, milliseconds }],
 * tables: [{ table, version, rows, bytes, files, merged?: { inserted, updated, superseded }, … }], failures: [{ stage, chunk, error, mended, problem, … }],
 * acknowledged?: { by, at }, replays: [runs, as of "runs", that have published rejects of this one], report?: the quality report as it lies in the lake, page?: the file of --page }`.
 */
export const run: CommandFile = (program, act) => {
  const group = program.command('run').description('look at one run, stop it, or try it again');
  runWatch(group, act);
  runCancel(group, act);
  runRedrive(group, act);
  runRetry(group, act);
  runAcknowledge(group, act);
  group
    .command('show')
    .argument('<id>', 'id of the run, the beginning of it, or "latest"')
    .description('ledger, quality, tables, times and failures')
    .option('--page <file>', 'save the report for people, one page of HTML, in this file')
    .action(
      act(async ({ printer }, id: string, { page }: { page?: string }) => {
        const platform = findPlatform();
        const found = await findRun(platform, id);
        if (page !== undefined) await savePage(platform, found, page);
        const detail = await runDetail(platform, found);
        printer.data({ ...detail, page });
        showRun(printer, detail);
        if (page !== undefined) printer.line(`  page     ${page}`);
      }),
    );
};

async function savePage(platform: Platform, found: Run, file: string): Promise<void> {
  const { pipeline, run } = found;
  const key = `reports/${pipeline}/${run}.html`;
  const text = await platform.objects.readText(key);
  if (text !== undefined) return writingFile(file, () => writeFileSync(file, decidedPage(text, found)));
  throw new CommandInputError({
    problem: `the run "${run}" has no report`,
    received: `no object ${key} in the lake`,
    allowed: 'a run that came as far as its assessment',
    change: 'leave --page out',
  });
}
