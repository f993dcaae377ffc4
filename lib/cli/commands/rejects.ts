import type { CommandFile } from '../command.ts';
import { findRun } from '../find-run.ts';
import { count } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { rejectedRows } from '../rejected-rows.ts';

const mostCharacters = 160;

/**
 * `penstock rejects <run>`: how many by rule, and the first of them.
 * JSON: `{ run, rules: [{ node, rule, rows }], rows: [{ file, row, stage, node, rule, column, value, reason, raw }] }`;
 * `row` is the number of the record in its file, from 1, as text.
 */
export const rejects: CommandFile = (program, act) => {
  program
    .command('rejects')
    .argument('<run>', 'id of the run, the beginning of it, or "latest"')
    .description('rejected rows of a run: by rule, then the first ones')
    .option('--rule <name>', 'only of this rule')
    .option('--limit <number>', 'how many rows', count, 10)
    .action(
      act(async ({ printer }, id: string, { rule, limit }: { rule?: string; limit: number }) => {
        const platform = findPlatform();
        const run = await findRun(platform, id);
        const found = await rejectedRows(platform, run, { rule, limit });
        printer.data({ run: run.run, ...found });
        if (found.rules.length === 0) return printer.line(`no rejects in ${run.run}`);
        printer.table(
          ['rows', 'step', 'rule'],
          found.rules.map((one) => [one.rows, one.node, one.rule]),
        );
        printer.line();
        for (const row of found.rows) {
          const raw = row.raw.length > mostCharacters ? `${row.raw.slice(0, mostCharacters)}…` : row.raw;
          printer.line(`  ${row.file} record ${row.row}  ${printer.paint('yellow', row.reason)}`);
          printer.line(printer.paint('dim', `    ${raw.replaceAll('\n', '\\n')}`));
        }
        const all = found.rules.reduce((sum, one) => sum + one.rows, 0);
        if (all > found.rows.length) printer.line(`  the first ${found.rows.length} of ${all}; see --limit and --rule`);
      }),
    );
};
