import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { cursorText } from '../cursor-text.ts';
import { deployedPipeline, knownPlan } from '../deployed-plan.ts';
import { mostObjects, openSets, waitsForText } from '../open-folders.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { counted } from '../print.ts';
import { stateText, timeText, withoutToken } from '../run-text.ts';

/**
 * `penstock pipeline list`: the pipelines that are deployed. JSON: `[{ pipeline, planDigest, state: 'Created' |
 * 'Validating' | 'Validated' | 'Invalid' | 'Scheduled' | 'Paused', by?, at?, problem?, transitions?, waiting }]`. `show <name>`: one of them, with `runs`, the newest five, as of "runs",
 * `open`, files that wait for others: `[{ place, files, number?, until?, marker?, count?, more? }]`, `unseen`, prefixes of which only the first 10,000 files were looked at, and `cursors: [{ source, by, lagSeconds, tables: { table: text | null } }]`.
 * `pause <name>`: `{ pipeline, state, by }`. `resume <name>`: the same with `started`, ids of the runs that had waited.
 */
export const pipeline: CommandFile = (program, act) => {
  const group = program.command('pipeline').description('deployed pipelines: look at them, pause and resume them');
  group
    .command('list')
    .description('deployed pipelines, and whether they start runs')
    .action(
      act(async ({ printer }) => {
        const found = await findPlatform().deployedPipelines();
        printer.data(found);
        printer.table(
          ['pipeline', 'state', 'waiting', 'plan'],
          found.map((one) => [one.pipeline, one.state, one.waiting, one.planDigest.slice(0, 8)]),
        );
      }),
    );
  group
    .command('show')
    .argument('<name>', 'a deployed pipeline')
    .description('one pipeline, and its newest runs')
    .action(
      act(async ({ printer }, name: string) => {
        const platform = findPlatform();
        const one = await deployedPipeline(platform, name);
        const runs = (await platform.runs.list({ pipeline: name, limit: 5 })).runs.map(withoutToken);
        const plan = await knownPlan(platform, name, one.planDigest);
        const cursors = plan ? await platform.cursors(plan) : [];
        const { sets: open, unseen } = await openSets(platform, name, plan);
        printer.data({ ...one, open, ...(unseen.length > 0 && { unseen }), cursors, runs });
        printer.heading(`${name}  ${one.state}`);
        printer.line(`  plan     ${one.planDigest}`);
        if (one.by !== undefined) printer.line(`  since    ${timeText(one.at!)} UTC by ${one.by}`);
        if (one.problem !== undefined) printer.line(`  problem  ${one.problem}`);
        if (one.transitions)
          printer.line(
            `  states   ${one.transitions
              .map(({ state }) => state)
              .slice(-5)
              .join(' → ')}`,
          );
        if (one.waiting > 0) printer.line(`  waiting  ${counted(one.waiting, 'trigger')}`);
        for (const set of open) {
          const end = set.until === undefined ? '' : `, until ${timeText(set.until)} UTC at the latest`;
          const least = set.more ? 'at least ' : '';
          printer.line(
            `  waiting  ${least}${counted(set.files, 'file')} of ${set.place} for ${waitsForText(set)}${end}`,
          );
        }
        for (const prefix of unseen)
          printer.line(`  waiting  of ${prefix} only the first ${counted(mostObjects, 'file')} were looked at`);
        for (const cursor of cursors) printer.line(`  cursor   ${cursorText(cursor)}`);
        for (const run of runs) printer.line(`  run      ${run.run}  ${stateText(printer, run)}`);
      }),
    );
  group
    .command('pause')
    .argument('<name>', 'a deployed pipeline')
    .description('start no run; what arrives waits until the pipeline is resumed')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { by }: { by: string }) => {
        const platform = findPlatform();
        await deployedPipeline(platform, name);
        await platform.pausePipeline({ pipeline: name, by });
        printer.data({ pipeline: name, state: 'Paused', by });
        printer.line(`${name} is paused; what arrives waits for \`npx penstock pipeline resume ${name}\``);
      }),
    );
  group
    .command('resume')
    .argument('<name>', 'a deployed pipeline')
    .description('start what waited, and runs as before')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { by }: { by: string }) => {
        const platform = findPlatform();
        await deployedPipeline(platform, name);
        const started = await platform.resumePipeline({ pipeline: name, by });
        printer.data({ pipeline: name, state: 'Scheduled', by, started });
        printer.line(`${name} is resumed; ${counted(started.length, 'run')} had waited`);
      }),
    );
};
