import { parameterText } from './parameter-text.ts';
import type { Platform } from './platform.ts';
import { counted, duration, type Printer } from './print.ts';

type Backfills = Awaited<ReturnType<Platform['backfills']>>;
export type BackfillRecord = NonNullable<Awaited<ReturnType<Backfills['find']>>>;
export type BackfillProgress = Awaited<ReturnType<Backfills['progress']>>;

/** How far a backfill has come, in one line. */
export function progressText({
  slices,
  completed,
  failed,
  stopped,
  running,
  rows,
  remainingMilliseconds,
}: BackfillProgress): string {
  const parts = [`${completed} of ${counted(slices, 'slice')}, ${counted(rows, 'row')}`];
  if (running > 0) parts.push(`${running} at work`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (stopped > 0) parts.push(`${stopped} stopped`);
  if (remainingMilliseconds !== undefined) parts.push(`about ${duration(remainingMilliseconds)} left`);
  return parts.join(', ');
}

export function showBackfill(printer: Printer, record: BackfillRecord, progress: BackfillProgress): void {
  const { id, pipeline, from, to, slice, tables, parameters, state, by } = record;
  printer.heading(`${id}  ${state}`);
  printer.line(`  range    ${pipeline} from ${from} to before ${to}, in slices of ${slice}, by ${by}`);
  printer.line(`  tables   ${tables.join(', ')}`);
  if (Object.keys(parameters).length > 0) printer.line(`  with     ${parameterText(parameters)}`);
  printer.line(`  slices   ${progressText(progress)}`);
  for (const [name, run] of Object.entries(progress.failures)) printer.line(`  failed   ${name}  ${run}`);
  for (const [name, run] of Object.entries(progress.stops)) printer.line(`  stopped  ${name}  ${run}`);
}
