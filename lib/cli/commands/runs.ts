import type { CommandFile } from '../command.ts';
import { findPlatform } from '../platform.ts';
import { duration } from '../print.ts';
import { stateText, triggerText } from '../run-text.ts';

/** `penstock runs`: newest first. */
export const runs: CommandFile = (program, act) => {
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--pipeline <name>', 'of one pipeline')
    .option('--limit <number>', 'how many', Number, 20)
    .action(
      act(async ({ printer }, { pipeline, limit }: { pipeline?: string; limit: number }) => {
        const page = await findPlatform().runs.list({ pipeline, limit });
        printer.data(page.runs);
        if (page.runs.length === 0)
          return printer.line('no runs yet: drop a file with `penstock put <file> <pipeline>`');
        printer.table(
          ['run', 'state', 'started', 'took', 'rows in', 'rejected', 'trigger'],
          page.runs.map((run) => [
            run.run,
            stateText(printer, run),
            run.startedAt.slice(0, 19).replace('T', ' '),
            run.endedAt ? duration(run.endedAt - Date.parse(run.startedAt)) : '',
            run.totals?.rowsIn ?? '',
            run.totals?.rejected ?? '',
            triggerText(run),
          ]),
        );
      }),
    );
};
