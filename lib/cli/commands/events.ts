import { day } from '../../core/durations.ts';
import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { CommandUsageError } from '../errors.ts';
import { count, doer, time } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { counted, type Printer } from '../print.ts';
import { timeText } from '../run-text.ts';

type Archive = Awaited<ReturnType<Platform['archive']>>;
type Event = Awaited<ReturnType<Archive['list']>>[number];

/**
 * `penstock events`: what happened, as it was told on the bus and archived, oldest first.
 * JSON: an array of CloudEvents; with `--follow` one of them a line, first those, then others as they come.
 * `check` holds the run table against the archive: `{ same, underWay: [run], different: [run], missing: [run] }`.
 * Of runs under way the last events are still to be archived; they are no difference.
 * `restore` puts back what only the archive has: `{ runs: [run], circuits: [system], errors, by }`:
 * those runs and circuits, how many reasons the error log has, and who did it.
 */
export const events: CommandFile = (program, act) => {
  const group = program
    .command('events')
    .description('what happened to pipelines and runs, oldest first')
    .option('--pipeline <name>', 'to one pipeline')
    .option('--type <type>', 'of one type, e.g. PipelineFailed')
    .option('--since <time>', 'since then: 2026-11-21, 2026-11-21T06:00Z, or e.g. 2h, 7d ago (default: one day)', time)
    .option('--limit <number>', 'how many of the newest', count, 50)
    .option('--follow', 'go on with what happens, until Ctrl-C')
    .action(
      act(async ({ printer }, options: EventOptions) => {
        const archive = await findPlatform().archive();
        const { pipeline, since = Date.now() - day, limit } = options;
        const type = options.type === undefined ? undefined : await eventType(options.type);
        const query = { pipeline, type, since, limit };
        if (options.follow) return follow(printer, archive, query);
        const found = await archive.list(query);
        printer.data(found);
        if (found.length === 0)
          return printer.line((pipeline ?? type) === undefined ? 'nothing has happened' : 'no such events');
        printer.table(['at (UTC)', 'event', 'of'], found.map(cells));
      }),
    );
  group
    .command('check')
    .description('hold the run table against the archive')
    .action(
      act(async ({ printer }) => {
        const compared = await (await findPlatform().archive()).compare();
        printer.data(compared);
        const { same, underWay, different, missing } = compared;
        printer.line(`${counted(same, 'run')} as the archive says`);
        if (underWay.length > 0)
          printer.line(`${counted(underWay.length, 'run')} whose last events are on their way to the archive`);
        for (const run of different) printer.line(`  differs: ${run}`);
        for (const run of missing) printer.line(`  missing: ${run}`);
        return different.length + missing.length === 0 ? 0 : 1;
      }),
    );
  group
    .command('restore')
    .description('put back records of runs, circuits, and entries of the error log that only the archive has')
    .option('--by <name>', 'who does it; kept in the audit', doer, currentUser())
    .action(
      act(async ({ printer }, { by }: { by: string }) => {
        const restored = await (await findPlatform().archive()).restore({ by });
        printer.data({ ...restored, by });
        printer.line(
          `${counted(restored.runs.length, 'run')} and ${counted(restored.circuits.length, 'circuit')} put back; ${counted(restored.errors, 'reason')} in the error log`,
        );
      }),
    );
};

interface EventOptions {
  readonly pipeline?: string;
  readonly type?: string;
  readonly since?: number;
  readonly limit: number;
  readonly follow?: true;
}

async function follow(printer: Printer, archive: Archive, query: Parameters<Archive['follow']>[0]): Promise<void> {
  const stopped = new AbortController();
  const { untilStopped } = await import('../until-stopped.ts');
  void untilStopped().then(() => stopped.abort());
  for await (const event of archive.follow(query, stopped.signal)) {
    printer.record(event);
    printer.line(`  ${cells(event).join('  ')}`);
  }
}

/** A circuit's system is what its events are about; that a pipeline found it out says less. */
function cells({ time: at, type, subject, data }: Event): string[] {
  const { system } = data as { readonly system?: string };
  return [timeText(at), type, system === undefined ? subject : `${system} (${subject})`];
}

async function eventType(text: string): Promise<Event['type']> {
  const { eventTypes } = await import('../../aws/event-archive.ts');
  const found = eventTypes.find((type) => type === text);
  if (found) return found;
  const guess = nearest(text, eventTypes);
  throw new CommandUsageError({
    problem: 'there is no such type of event',
    received: text,
    allowed: eventTypes.join(', '),
    change: guess ? `did you mean "${guess}"?` : 'give one of these',
  });
}
