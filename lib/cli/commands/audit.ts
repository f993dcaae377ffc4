import type { CommandFile } from '../command.ts';
import { count, time } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock audit`: what people did to runs, pipelines and dead letters, newest first. Nothing of it is ever changed.
 * JSON: `[{ at, by, action, pipeline, run?, detail? }]`, `at` in milliseconds.
 */
export const audit: CommandFile = (program, act) => {
  program
    .command('audit')
    .description('who did what, and when, newest first')
    .option('--pipeline <name>', 'to one pipeline')
    .option('--since <time>', 'since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago', time)
    .option('--limit <number>', 'how many', count, 50)
    .action(
      act(async ({ printer }, query: { pipeline?: string; since?: number; limit: number }) => {
        const entries = await findPlatform().audit.list(query);
        printer.data(entries);
        if (entries.length === 0) return printer.line('nothing was done by hand');
        printer.table(
          ['at (UTC)', 'by', 'action', 'of'],
          entries.map(({ at, by, action, pipeline, run }) => [timeText(at), by, action, run ?? pipeline]),
        );
      }),
    );
};
