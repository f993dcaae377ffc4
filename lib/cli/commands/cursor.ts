import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { cursorText } from '../cursor-text.ts';
import { deployedPlan } from '../deployed-plan.ts';
import { doer } from '../option-values.ts';
import { findPlatform } from '../platform.ts';

/**
 * `penstock cursor show <pipeline>`: how far its sources were taken that go on by a column. JSON:
 * `[{ source, by, lagSeconds, tables: { table: text | null } }]`. `set <pipeline> <source> <value>`:
 * `{ pipeline, source, to, before: { table: text }, by }`.
 */
export const cursor: CommandFile = (program, act) => {
  const group = program.command('cursor').description('how far sources were taken that go on by a column');
  group
    .command('show')
    .argument('<pipeline>', 'a deployed pipeline')
    .description('the largest value that was published, by source')
    .action(
      act(async ({ printer }, pipeline: string) => {
        const platform = findPlatform();
        const cursors = await platform.cursors(await deployedPlan(platform, pipeline));
        printer.data(cursors);
        for (const one of cursors) printer.line(`  ${cursorText(one)}`);
        if (cursors.length === 0) printer.line('  no source of it goes on by a column');
      }),
    );
  group
    .command('set')
    .argument('<pipeline>', 'a deployed pipeline')
    .argument('<source>', 'a source that goes on by a column')
    .argument('<value>', 'rows at or below it are passed over from now on')
    .description('let the next run go on from elsewhere; the tables keep their rows')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, pipeline: string, source: string, value: string, { by }: { by: string }) => {
        const platform = findPlatform();
        const plan = await deployedPlan(platform, pipeline);
        const { to, before } = await platform.setCursor({ plan, source, to: value, by });
        printer.data({ pipeline, source, to, before, by });
        printer.line(`${source} goes on behind ${to}`);
      }),
    );
};
