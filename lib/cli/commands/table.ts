import { day } from '../../core/durations.ts';
import { columnChangesText } from '../column-changes-text.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { doer, states, tableState, time } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { bytes, counted } from '../print.ts';
import { requireTable } from '../require-table.ts';
import { timeText } from '../run-text.ts';
import { addCompact } from './compact.ts';

type StateRequest = ReturnType<typeof tableState>;

/** Days behind which states, and files that no state names, are old. */
const oldAfter = { states: 7, orphans: 3 };

/**
 * `penstock table log <table>`: the states of a table that can still be read, newest first.
 * JSON: `[{ version, snapshot, at, operation, run?, rows, files, bytes, addedRows, removedRows, columns?, current }]`, `at` in
 * milliseconds, `columns` what it has changed about them: `{ added, gone, renamed: [{ from, to }], alike }`.
 * `penstock table rollback <table> --to <state>`: lets readers see an earlier one again. Nothing is removed.
 * JSON: `{ table, from, to, rows }`.
 * `penstock table compact <table>`: as `penstock compact`.
 * `penstock table expire <table>`: forgets old states and removes the files that no other state has.
 * JSON: `{ table, versions, kept, files }`, `versions` those that are gone.
 * `penstock table orphans <table>`: files that no state names. JSON: `{ table, files: [{ key, bytes }], bytes, removed }`.
 */
export const table: CommandFile = (program, act) => {
  const group = program.command('table').description('what became of a curated table, and its upkeep');
  group
    .command('log')
    .argument('<table>', 'a curated table')
    .description('its states, newest first')
    .action(
      act(async ({ printer }, name: string) => {
        const platform = findPlatform();
        await requireTable(platform, name);
        const log = await platform.tableLog(name);
        printer.data(log);
        const changes = log.some(({ columns }) => columns);
        printer.table(
          [
            ...['version', 'at (UTC)', 'what', 'rows', 'added', 'removed', 'files', 'bytes', 'run'],
            ...(changes ? ['columns'] : []),
          ],
          log.map((one) => [
            `${one.version}${one.current ? ' *' : ''}`,
            timeText(one.at),
            one.operation,
            String(one.rows),
            String(one.addedRows),
            String(one.removedRows),
            String(one.files),
            bytes(one.bytes),
            one.run ?? '',
            ...(changes ? [one.columns ? columnChangesText(one.columns) : ''] : []),
          ]),
          { right: ['rows', 'added', 'removed', 'files', 'bytes'] },
        );
      }),
    );
  group
    .command('rollback')
    .argument('<table>', 'a curated table')
    .description('let readers see an earlier state again; later runs go on from there')
    .requiredOption('--to <state>', 'a version as the log numbers it, or a time', tableState)
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { to: wanted, by }: { to: StateRequest; by: string }) => {
        const platform = findPlatform();
        await requireTable(platform, name);
        const done = await platform.rollbackTable({ table: name, to: wanted, by });
        printer.data(done);
        const { from, to, rows } = done;
        if (from === to) printer.line(`  ${name} stays at version ${to}`);
        else printer.line(`  ${name} is at version ${to} again (${counted(rows, 'row')}), no longer at ${from}`);
      }),
    );
  addCompact(group, act);
  group
    .command('expire')
    .argument('<table>', 'a curated table')
    .description('forget old states, and remove the files that no other state has')
    .option('--older-than <time>', `states from before; default: ${oldAfter.states}d`, time)
    .option('--keep <number>', 'so many of the newest states stay in any case; default: 1', states)
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { olderThan, keep = 1, by }: ExpireOptions) => {
        const platform = findPlatform();
        await requireTable(platform, name);
        const before = olderThan ?? Date.now() - oldAfter.states * day;
        const done = await platform.expireTable({ table: name, before, keep, by });
        printer.data(done);
        const { versions, kept, files } = done;
        if (versions.length === 0) printer.line(`  ${name} keeps all of its ${counted(kept.length, 'state')}`);
        else
          printer.line(
            `  ${name} has forgotten ${counted(versions.length, 'state')} of ${versions.length + kept.length}, and ${counted(files, 'file')} with them`,
          );
      }),
    );
  group
    .command('orphans')
    .argument('<table>', 'a curated table')
    .description('find files below a table that no state of it names, left by runs that were undone or lost a race')
    .option('--older-than <time>', `files from before, a day ago at the latest; default: ${oldAfter.orphans}d`, time)
    .option('--remove', 'remove them')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, name: string, { olderThan, remove = false, by }: OrphanOptions) => {
        const platform = findPlatform();
        await requireTable(platform, name);
        const before = olderThan ?? Date.now() - oldAfter.orphans * day;
        const found = await platform.orphanFiles({ table: name, before, remove, by });
        printer.data(found);
        for (const { key, bytes: size } of found.files) printer.line(`  ${key}  ${bytes(size)}`);
        const what = `${counted(found.files.length, 'file')}, ${bytes(found.bytes)}`;
        printer.line(
          `  ${what}${found.files.length === 0 ? '' : found.removed ? ': removed' : ': --remove takes them away'}`,
        );
      }),
    );
};

interface ExpireOptions {
  readonly olderThan?: number;
  readonly keep?: number;
  readonly by: string;
}

interface OrphanOptions {
  readonly olderThan?: number;
  readonly remove?: boolean;
  readonly by: string;
}
