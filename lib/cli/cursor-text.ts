import { describeDuration } from '../core/parse-duration.ts';
import type { Platform } from './platform.ts';

type SourceCursor = Awaited<ReturnType<Platform['cursors']>>[number];

/** How far a source was taken, in one line; by table only where tables differ. */
export function cursorText({ source, by, lagSeconds, tables }: SourceCursor): string {
  const lag = lagSeconds > 0 ? `, ${describeDuration(lagSeconds * 1000)} of lag` : '';
  const places = Object.entries(tables);
  const same = new Set(places.map(([, position]) => position)).size === 1;
  const shown = (position: string | null) => position ?? 'nothing yet';
  const where = same
    ? shown(places[0]![1])
    : places.map(([table, position]) => `${shown(position)} in ${table}`).join(', ');
  return `${source} by ${by}: ${where}${lag}`;
}
