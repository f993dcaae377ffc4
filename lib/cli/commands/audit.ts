import type { CommandFile } from '../command.ts';
import { auditAction, count, time } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { timeText } from '../run-text.ts';

/**
 * `penstock audit`: what people did to runs, pipelines, tables and dead letters, and what was passed over without a run (`action`:
 * `pass-over`; `detail`: `{ key, versionId, because, version }`), newest first. Nothing of it is ever changed.
 * JSON: `[{ at, by, action, pipeline, run?, detail? }]`, `at` in milliseconds.
 */
export const audit: CommandFile = (program, act) => {
  program
    .command('audit')
    .description('who did what, and when, newest first')
    .option('--pipeline <name>', 'to one pipeline')
    .option('--action <name>', 'of one kind, e.g. cancel, pause, pass-over', auditAction)
    .option('--since <time>', 'since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago', time)
    .option('--limit <number>', 'how many', count, 50)
    .action(
      act(async ({ printer }, query: AuditQuery & { limit: number }) => {
        const entries = await findPlatform().audit.list(query);
        printer.data(entries);
        if (entries.length === 0) return printer.line(narrowed(query) ? 'no such entries' : 'nothing was done by hand');
        printer.table(
          ['at (UTC)', 'by', 'action', 'of', 'what'],
          entries.map((entry) => {
            const { at, by, action, pipeline, run } = entry;
            return [timeText(at), by, action, run ?? pipeline, detailText(entry)];
          }),
        );
      }),
    );
};

type AuditEntry = Awaited<ReturnType<Platform['audit']['list']>>[number];
type AuditQuery = Parameters<Platform['audit']['list']>[0];

const narrowed = ({ pipeline, action, since }: AuditQuery) =>
  pipeline !== undefined || action !== undefined || since !== undefined;

/** What else the entry says. */
function detailText({ action, detail = {} }: AuditEntry): string {
  if (action === 'pass-over') return passedText(detail);
  return Object.entries(detail)
    .filter(([, value]) => value !== undefined && JSON.stringify(value) !== '{}')
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** What made no run, and why. */
function passedText(detail: NonNullable<AuditEntry['detail']>): string {
  const { key, because, version, times, expression, first } = detail;
  if (because === 'missed') return `${times} times of ${expression}, from ${first}`;
  return because === 'repeated' ? `${key}: the same content as ${version}` : `${key}: older than ${version}`;
}
