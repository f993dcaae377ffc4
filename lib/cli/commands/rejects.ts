import type { Command } from 'commander';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { exportRejected } from '../export-rejected.ts';
import { findRun } from '../find-run.ts';
import { count, doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { counted } from '../print.ts';
import { type RejectFilter, rejectedRows } from '../rejected-rows.ts';
import { replayRejected } from '../replay-rejected.ts';
import { replayLines } from '../replay-text.ts';
import { showRejects } from '../show-rejects.ts';

/**
 * `penstock rejects <run>`: how many by rule, and some of each.
 * JSON: `{ run, rules: [{ node, rule, severity, column, rows }], rows: [{ file, version, row, stage, node, rule, severity, column, value,
 * reason, raw, form, names, seen, time, source, tables }], replays: [{ run, state, rows }] }`; `row` is the number of the record in
 * its file, from 1, as text; `raw` the record as its source had it, `seen` the row as a later step saw it.
 *
 * `penstock rejects export <run> <file>`: all of them in one file. JSON: `{ run, file, format, rows }`.
 *
 * `penstock rejects replay <run>`: runs them once more. JSON: `{ run, replays: [{ run, tables, rows, outcome, state? }],
 * taken, unreadable }`; `state` with `--wait`, where the exit code is 0 if every replay has completed.
 */
export const rejects: CommandFile = (program, act) => {
  const group = program
    .command('rejects')
    .description('rejected rows of a run: look at them, take them out, run them again');
  filtered(
    group
      .command('show', { isDefault: true })
      .argument('<run>', 'id of the run, the beginning of it, or "latest"')
      .description('by rule, then some of each; what `penstock rejects <run>` does'),
  )
    .option('--limit <number>', 'how many rows', count, 10)
    .action(
      act(async ({ printer }, id: string, { limit, ...filter }: RejectFilter & { limit: number }) => {
        const platform = findPlatform();
        const run = await findRun(platform, id);
        const found = await rejectedRows(platform, run, { filter, limit });
        const replays = await platform.replaysOf(run);
        printer.data({
          run: run.run,
          ...found,
          replays: replays.map((one) => ({ run: one.run, state: one.state, rows: one.totals?.rowsIn })),
        });
        showRejects(printer, run, found);
        for (const line of replayLines(run, replays)) printer.line(`  ${line}`);
      }),
    );
  filtered(
    group
      .command('export')
      .argument('<run>', 'id of the run, the beginning of it, or "latest"')
      .argument('<file>', 'file to write; its ending tells the format: .csv, .ndjson or .parquet')
      .description('write rejects into one file'),
  )
    .option('--neutralise-formulas', 'CSV: put an apostrophe before cells that a spreadsheet would compute')
    .action(
      act(async ({ printer }, id: string, file: string, options: RejectFilter & { neutraliseFormulas?: true }) => {
        const platform = findPlatform();
        const run = await findRun(platform, id);
        const { neutraliseFormulas = false, ...filter } = options;
        const { format, rows } = await exportRejected(platform, run, { file, filter, neutralise: neutraliseFormulas });
        printer.data({ run: run.run, file, format, rows });
        printer.line(`${counted(rows, 'reject')} of ${run.run} → ${file}`);
      }),
    );
  filtered(
    group
      .command('replay')
      .argument('<run>', 'id of the run, the beginning of it, or "latest"')
      .description('run rejects once more, on the plan that is deployed now, and publish what becomes of them'),
  )
    .option('--file <file>', 'an export in which `raw` was corrected: replays its rows only')
    .option('--by <name>', 'who starts it; kept in the audit', doer, currentUser())
    .option('--wait', 'follow the replays to their end')
    .action(
      act(async ({ printer }, id: string, options: RejectFilter & { file?: string; by: string; wait?: true }) => {
        const platform = findPlatform();
        const { file, by, wait = false, ...filter } = options;
        return replayRejected(platform, printer, { run: await findRun(platform, id), filter, file, by, wait });
      }),
    );
};

function filtered(command: Command): Command {
  return command
    .option('--rule <name>', 'only of this rule')
    .option('--severity <name>', 'only of this severity: minor, major or critical')
    .option('--column <name>', 'only for this column')
    .option('--stage <name>', 'only of this stage, e.g. process')
    .option('--step <name>', 'only of this step of the plan');
}
