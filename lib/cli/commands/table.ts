import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { count } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { bytes, counted } from '../print.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock table log <table>`: the states of a table that can still be read, newest first.
 * JSON: `[{ version, at, operation, run?, rows, files, bytes, addedRows, removedRows, current }]`, `at` in milliseconds.
 * `penstock table rollback <table> --to <version>`: lets readers see an earlier one again. Nothing is removed.
 * JSON: `{ table, from, to, rows }`.
 */
export const table: CommandFile = (program, act) => {
  const group = program.command('table').description('what became of a curated table');
  group
    .command('log')
    .argument('<table>', 'a curated table')
    .description('its states, newest first')
    .action(
      act(async ({ printer }, name: string) => {
        const log = await findPlatform().tableLog(name);
        if (log.length === 0)
          throw new CommandInputError({
            problem: 'there is no such table',
            received: name,
            allowed: 'a table that a run has published',
            change: 'correct the name',
          });
        printer.data(log);
        printer.table(
          ['version', 'at (UTC)', 'what', 'rows', 'added', 'removed', 'files', 'bytes', 'run'],
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
          ]),
          { right: ['rows', 'added', 'removed', 'files', 'bytes'] },
        );
      }),
    );
  group
    .command('rollback')
    .argument('<table>', 'a curated table')
    .description('let readers see an earlier state again; later runs go on from there')
    .requiredOption('--to <version>', 'as the log numbers it', count)
    .action(
      act(async ({ printer }, name: string, { to }: { to: number }) => {
        const done = await findPlatform().rollbackTable({ table: name, to });
        printer.data(done);
        const { from, rows } = done;
        if (from === to) printer.line(`  ${name} stays at version ${to}`);
        else printer.line(`  ${name} is at version ${to} again (${counted(rows, 'row')}), no longer at ${from}`);
      }),
    );
};
