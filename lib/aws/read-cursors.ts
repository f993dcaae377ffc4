import { currentCursors, type SourceCursor } from '../runtime/cursor/current-cursors.ts';
import type { StartRequest } from '../runtime/operate/start-run.ts';
import type { Ports } from '../runtime/ports/ports.ts';

export type { SourceCursor };

/** How far the sources of a plan were taken, as its tables say it. */
export function cursorsOnAws(
  ports: Pick<Ports, 'objects' | 'tables'>,
  plan: StartRequest['plan'],
): Promise<readonly SourceCursor[]> {
  return currentCursors(ports, plan);
}
