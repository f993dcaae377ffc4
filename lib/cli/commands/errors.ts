import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { count, time } from '../option-values.ts';
import { type FailurePattern, findPlatform } from '../platform.ts';
import { counted } from '../print.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock errors`: why runs failed, each reason once, the last one first, as the error log has it.
 * JSON: `[{ fingerprint, pipeline, error, kind, state, count, firstSeen, lastSeen, message, lastRun }]`, times in
 * milliseconds; `kind` is transient, throttled, permanent, data, authorisation, not-found or configuration.
 * `show <fingerprint>`: one of them, with `failures: [{ id, run, at, message, … }]`, the last one first.
 */
export const errors: CommandFile = (program, act) => {
  const group = program
    .command('errors')
    .description('why runs failed: each reason once, with how often, first and last seen')
    .option('--pipeline <name>', 'of one pipeline')
    .option('--since <time>', 'seen since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago', time)
    .option('--limit <number>', 'how many reasons', count, 20)
    .action(
      act(async ({ printer }, { pipeline, since = 0, limit }: ErrorsOptions) => {
        const all = await findPlatform().errorLog.patterns();
        const patterns = all
          .filter((one) => (pipeline ?? one.pipeline) === one.pipeline && one.lastSeen >= since)
          .slice(0, limit);
        printer.data(patterns);
        if (patterns.length === 0) return printer.line(all.length === 0 ? 'no run has failed' : 'no such reasons');
        printer.table(
          [
            'fingerprint',
            'pipeline',
            'error',
            'kind',
            'in',
            'times',
            'first seen (UTC)',
            'last seen (UTC)',
            'last run',
          ],
          patterns.map((one) => [
            one.fingerprint,
            one.pipeline,
            one.error,
            one.kind,
            one.state,
            one.count,
            timeText(one.firstSeen),
            timeText(one.lastSeen),
            one.lastRun,
          ]),
        );
      }),
    );
  group
    .command('show')
    .argument('<fingerprint>', 'as "errors" shows it')
    .description('one reason, and the runs that failed for it, the last one first')
    .option('--limit <number>', 'how many runs', count, 20)
    .action(
      act(async ({ printer }, fingerprint: string, { limit }: { limit: number }) => {
        const { errorLog } = findPlatform();
        const pattern = requirePattern(await errorLog.patterns(), fingerprint);
        const failures = await errorLog.notes(fingerprint, limit);
        printer.data({ ...pattern, failures });
        printer.heading(`${pattern.error}  ${pattern.kind}`);
        printer.line(`  pipeline  ${pattern.pipeline}, in "${pattern.state}"`);
        printer.line(
          `  seen      ${counted(pattern.count, 'time')}, ${timeText(pattern.firstSeen)} to ${timeText(pattern.lastSeen)} UTC`,
        );
        printer.line(`  message   ${pattern.message}`);
        for (const { at, run } of failures) printer.line(`  run       ${run}  ${timeText(at)} UTC`);
      }),
    );
};

interface ErrorsOptions {
  readonly pipeline?: string;
  readonly since?: number;
  readonly limit: number;
}

function requirePattern(patterns: readonly FailurePattern[], fingerprint: string): FailurePattern {
  const found = patterns.find((one) => one.fingerprint === fingerprint);
  if (found) return found;
  const known = patterns.map((one) => one.fingerprint);
  const guess = nearest(fingerprint, known);
  throw new CommandInputError({
    problem: 'no run has failed for such a reason',
    received: fingerprint,
    allowed: known.length > 0 ? known.slice(0, 20) : 'none: no run has failed',
    change: guess ? `did you mean "${guess}"?` : 'take a fingerprint from `npx penstock errors`',
  });
}
