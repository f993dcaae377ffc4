import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { deployedPlan } from '../deployed-plan.ts';
import { CommandInputError, CommandUsageError } from '../errors.ts';
import { doer, parallel, parameters } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { counted } from '../print.ts';
import { type BackfillRecord, progressText, showBackfill } from '../show-backfill.ts';
import { stopSignal } from '../stop-signal.ts';

/**
 * `penstock backfill <pipeline> --from --to`: runs a range of a pipeline's input anew, slice by slice, or goes on with
 * that. JSON: `{ id, pipeline, from, to, slice, slices, parameters, tables, state: 'Open' | 'Completed' | 'Cancelled', by, at,
 * progress: { slices, completed, failed, stopped, running, rows, remainingMilliseconds?, failures: { slice: run },
 * stops: { slice: run } } }`. The exit code is 0 where all slices are completed. `show <id>`: the same. `list`: a list of it. `cancel <id>`: the same with `stopped`,
 * ids of runs.
 */
export const backfill: CommandFile = (program, act) => {
  const group = program
    .command('backfill')
    .argument('<pipeline>', 'a deployed pipeline, with the parameters "from" and "to"')
    .description("run a range of a pipeline's input anew; the same command again goes on with what is missing")
    .option('--from <time>', 'day or time at which the range begins')
    .option('--to <time>', 'day or time before which it ends')
    .option('--slice <duration>', 'what one run takes, e.g. "6 hours", "1 month"; default: 1 day')
    .option('--parallel <number>', 'slices at work at the same time', parallel, 4)
    .option('--param <name=value>', 'value of another parameter; once for each', parameters)
    .option('--table <name...>', 'tables that it publishes in; default: all of the pipeline')
    .option('--name <text>', 'tells backfills of the same range apart')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, options: BackfillOptions) => {
        const platform = findPlatform();
        const { param = {}, table: tables, ...others } = options;
        const request = { ...others, ...bounds(others) };
        const plan = await deployedPlan(platform, name);
        using stop = stopSignal();
        const { record, progress } = await (await platform.backfills()).run({
          ...request,
          plan,
          parameters: param,
          ...(tables && { tables }),
          signal: stop.signal,
          progress: ({ id }, one) => printer.line(`${id}  ${progressText(one)}`),
        });
        if (progress.completed === progress.slices && progress.rows === 0) throw noRows(record);
        printer.data({ ...record, progress });
        showBackfill(printer, record, progress);
        if (progress.completed < progress.slices) printer.line('  the same command again goes on with what is missing');
        return progress.completed === progress.slices ? 0 : 1;
      }),
    );
  group
    .command('list')
    .description('backfills of all deployed pipelines, newest first')
    .action(
      act(async ({ printer }) => {
        const platform = findPlatform();
        const backfills = await platform.backfills();
        const found = await Promise.all(
          (await allBackfills(platform)).map(async (one) => ({ ...one, progress: await backfills.progress(one) })),
        );
        printer.data(found);
        if (found.length === 0) return printer.line('no backfills yet');
        printer.table(
          ['backfill', 'from', 'to', 'state', 'slices'],
          found.map(({ id, from, to, state, progress }) => [id, from, to, state, progressText(progress)]),
        );
      }),
    );
  group
    .command('show')
    .argument('<id>', 'id of the backfill')
    .description('range, tables, slices and the time that is left')
    .action(
      act(async ({ printer }, id: string) => {
        const platform = findPlatform();
        const record = await findBackfill(platform, id);
        const progress = await (await platform.backfills()).progress(record);
        printer.data({ ...record, progress });
        showBackfill(printer, record, progress);
      }),
    );
  group
    .command('cancel')
    .argument('<id>', 'id of the backfill')
    .description('begin no further slice, and stop those at work; what is published stays')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, id: string, { by }: { by: string }) => {
        const platform = findPlatform();
        const { pipeline } = await findBackfill(platform, id);
        const backfills = await platform.backfills();
        const stopped = await backfills.cancel({ pipeline, id, by });
        const record = (await backfills.find(pipeline, id))!;
        printer.data({ ...record, progress: await backfills.progress(record), stopped });
        printer.line(`${id} is cancelled; ${counted(stopped.length, 'run')} stopped`);
      }),
    );
};

interface BackfillOptions {
  readonly from?: string;
  readonly to?: string;
  readonly slice?: string;
  readonly parallel: number;
  readonly param?: Readonly<Record<string, string>>;
  readonly table?: readonly string[];
  readonly name?: string;
  readonly by: string;
}

/** Options of a command are asked of its inner commands, too, where commander itself requires them. */
function bounds({ from, to }: Pick<BackfillOptions, 'from' | 'to'>): { readonly from: string; readonly to: string } {
  if (from !== undefined && to !== undefined) return { from, to };
  throw new CommandUsageError({
    problem: 'a backfill needs both bounds of its range',
    received: from === undefined ? (to === undefined ? 'neither' : `--to ${to}`) : `--from ${from}`,
    allowed: '--from <time> --to <time>; the range ends before its end',
    change: 'give both, e.g. --from 2026-01-01 --to 2026-02-01',
  });
}

async function allBackfills(platform: Platform): Promise<readonly BackfillRecord[]> {
  const backfills = await platform.backfills();
  const pipelines = await platform.deployedPipelines();
  const found = await Promise.all(pipelines.map(({ pipeline }) => backfills.list(pipeline)));
  return found.flat().sort((a, b) => b.at - a.at);
}

async function findBackfill(platform: Platform, id: string): Promise<BackfillRecord> {
  const all = await allBackfills(platform);
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const ids = all.map((one) => one.id);
  const guess = nearest(id, ids);
  throw new CommandInputError({
    problem: `there is no backfill "${id}"`,
    received: id,
    allowed: ids.length > 0 ? ids : 'none yet',
    change: guess ? `did you mean "${guess}"?` : 'take an id from `npx penstock backfill list`',
  });
}

function noRows({ id, from, to }: BackfillRecord): CommandInputError {
  return new CommandInputError({
    problem: 'no row of the range was found, so no table was changed',
    received: `from ${from} to ${to}, in the files that are there`,
    allowed: 'a range that some row belongs to',
    change: `give another range; \`npx penstock backfill show ${id}\` tells of the runs that looked`,
  });
}
