import { realClock } from '../core/clock.ts';
import { currentCursors, type SourceCursor } from '../runtime/cursor/current-cursors.ts';
import { type CursorSetting, setCursor } from '../runtime/cursor/set-cursor.ts';
import type { StartRequest } from '../runtime/operate/start-run.ts';
import type { Ports } from '../runtime/ports/ports.ts';

export type { CursorSetting, SourceCursor };

/** How far the sources of a plan were taken, as its tables say it. */
export function cursorsOnAws(
  ports: Pick<Ports, 'objects' | 'tables'>,
  plan: StartRequest['plan'],
): Promise<readonly SourceCursor[]> {
  return currentCursors(ports, plan);
}

/** Lets a source go on behind another value. Throws as `setCursor` of runtime does. */
export function setCursorOnAws(ports: Omit<Parameters<typeof setCursor>[0], 'clock'>, setting: CursorSetting) {
  return setCursor({ ...ports, clock: realClock() }, setting);
}
