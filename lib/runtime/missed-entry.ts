import type { AuditEntry } from './ports/audit.ts';
import type { TimeToHandle } from './ports/pipeline-store.ts';

/** What the audit says of times that are not run. Undefined where there is none. */
export function missedEntry({ pipeline, schedule, at, missed }: TimeToHandle): AuditEntry | undefined {
  const [first] = missed;
  if (first === undefined) return undefined;
  const text = (time: number) => new Date(time).toISOString();
  const detail = {
    because: 'missed',
    expression: schedule.expression,
    times: missed.length,
    first: text(first),
    last: text(missed.at(-1)!),
  };
  return { at, by: 'its trigger', action: 'pass-over', pipeline, detail };
}
