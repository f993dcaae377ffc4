import type { CommandFile } from '../command.ts';
import { failurePatterns } from '../failure-patterns.ts';
import type { Run } from '../find-run.ts';
import { newestRuns } from '../newest-runs.ts';
import { count, time } from '../option-values.ts';
import { findPlatform } from '../platform.ts';
import { timeText } from '../run-text.ts';

/** So many runs are looked through at most. */
const lookedAt = 10_000;

/**
 * `penstock errors`: why runs failed, each reason once, the last one first.
 * JSON: `[{ fingerprint, pipeline, error, kind, state, runs, firstSeen, lastSeen, message, lastRun }]`, times in
 * milliseconds; `kind` is transient, throttled, permanent, data, authorisation, not-found or configuration.
 */
export const errors: CommandFile = (program, act) => {
  program
    .command('errors')
    .description('why runs failed: each reason once, with how often, first and last seen')
    .option('--pipeline <name>', 'of one pipeline')
    .option('--since <time>', 'of runs begun since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago', time)
    .option('--limit <number>', 'how many reasons', count, 20)
    .action(
      act(async ({ printer }, { pipeline, since = 0, limit }: ErrorsOptions) => {
        const looked: Run[] = [];
        for await (const run of newestRuns(findPlatform(), lookedAt, pipeline)) {
          if (Date.parse(run.startedAt) < since) break;
          looked.push(run);
        }
        const patterns = failurePatterns(looked).slice(0, limit);
        printer.data(patterns);
        if (patterns.length === 0) return printer.line('no run has failed');
        printer.table(
          ['fingerprint', 'pipeline', 'error', 'kind', 'in', 'runs', 'first seen (UTC)', 'last seen (UTC)', 'last run'],
          patterns.map((one) => [
            one.fingerprint,
            one.pipeline,
            one.error,
            one.kind,
            one.state,
            one.runs,
            timeText(one.firstSeen),
            timeText(one.lastSeen),
            one.lastRun,
          ]),
        );
      }),
    );
};

interface ErrorsOptions {
  readonly pipeline?: string;
  readonly since?: number;
  readonly limit: number;
}
