import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { counted, duration, type Printer } from './print.ts';
import { stateText, triggerText } from './run-text.ts';

const pollMilliseconds = 1000;
/** So many of the newest runs are looked at each time; more than that do not begin within a second. */
const lookedAt = 50;

/** Writes a line for each run that begins, ends, or comes to wait for a person, until `stopped` resolves. */
export async function reportRuns(platform: Platform, printer: Printer, stopped: Promise<void>): Promise<void> {
  if (printer.json) return;
  let ended = false;
  const end = stopped.then(() => {
    ended = true;
  });
  const known = new Map<string, string>();
  for (let first = true; !ended; first = false) {
    const { runs } = await platform.runs.list({ limit: lookedAt });
    for (const run of runs.toReversed()) {
      const state = run.state === 'Triggered' ? 'Running' : run.state;
      if (known.get(run.run) === state) continue;
      known.set(run.run, state);
      // What was there at the start is no news.
      if (!first) printer.line(newsOf({ ...run, state }, printer));
    }
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, pollMilliseconds);
    await Promise.race([end, waited.promise]);
    clearTimeout(timer);
  }
}

/** `07:12:03  flights-f71d2f83-…  Completed in 6.7 s  3,000,000 rows, 0 rejects`. */
function newsOf(run: Run, printer: Printer): string {
  const { state, endedAt, startedAt, totals, failure, transitions } = run;
  // One that goes on after it had failed began long ago.
  const time = new Date(transitions.at(-1)?.at ?? startedAt).toTimeString().slice(0, 8);
  const parts = [printer.paint('dim', time), run.run, stateText(printer, { state, phase: undefined })];
  if (endedAt !== undefined) parts[2] += ` in ${duration(endedAt - Date.parse(startedAt))}`;
  if (state === 'Failed') parts.push(`${failure?.error}: npx penstock run show ${run.run}`);
  else if (state === 'AwaitingReview') parts.push(`npx penstock review show ${run.run}`);
  else if (endedAt !== undefined && totals)
    parts.push(`${counted(totals.rowsIn, 'row')}, ${counted(totals.rejected, 'reject')}`);
  else parts.push(triggerText(run));
  return parts.join('  ');
}
