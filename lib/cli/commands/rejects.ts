import type { CommandFile } from '../command.ts';
import { findRun } from '../find-run.ts';
import { findPlatform } from '../platform.ts';
import { rejectedRows } from '../rejected-rows.ts';

/** `penstock rejects <run>`: how many by rule, and the first of them. */
export const rejects: CommandFile = (program, act) => {
  program
    .command('rejects <run>')
    .description('rejected rows of a run: by rule, then the first ones')
    .option('--rule <name>', 'only of this rule')
    .option('--limit <number>', 'how many rows', Number, 10)
    .action(
      act(async ({ printer }, id: string, { rule, limit }: { rule?: string; limit: number }) => {
        const platform = findPlatform();
        const run = await findRun(platform, id);
        const found = await rejectedRows(platform, run, { rule, limit });
        printer.data({ run: run.run, ...found });
        if (found.rules.length === 0) return printer.line('no rejects');
        printer.table(
          ['rows', 'step', 'rule'],
          found.rules.map((one) => [one.rows, one.node, one.rule]),
        );
        printer.line();
        for (const row of found.rows) {
          printer.line(`  ${row.file} record ${row.row}  ${printer.paint('yellow', row.reason)}`);
          printer.line(printer.paint('dim', `    ${row.raw.slice(0, 160)}${row.raw.length > 160 ? '…' : ''}`));
        }
      }),
    );
};
