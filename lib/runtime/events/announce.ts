import { concurrently } from '../../core/concurrently.ts';
import { failureNotes } from '../error-log/failure-notes.ts';
import type { Broadcast } from '../ports/broadcast.ts';
import type { PenstockEvent } from '../ports/bus.ts';
import type { ErrorLog } from '../ports/error-log.ts';
import type { Ports } from '../ports/ports.ts';
import { archive } from './archive.ts';
import { cloudEvent } from './cloud-event.ts';

/**
 * Archives events, keeps the error log, and tells everybody of them, in this order: what somebody heard of can be read up.
 * Done again after it was cut short, it may tell some of them twice, under the same ids.
 */
export async function announce(
  ports: Pick<Ports, 'objects' | 'logger'> & {
    readonly broadcast: Broadcast;
    readonly errorLog: Pick<ErrorLog, 'note'>;
  },
  events: readonly PenstockEvent[],
): Promise<void> {
  const told = events.map(cloudEvent);
  await concurrently(told, 8, (event) => archive(ports, event));
  for (const note of failureNotes(told)) await ports.errorLog.note(note);
  await ports.broadcast.send(told);
  if (told.length > 0) ports.logger.info('events announced', { events: told.length });
}
