import { realClock } from '../../lib/core/clock.ts';
import type { Environment } from '../../local/states/environment.ts';
import type { HistoryEvent } from '../../local/states/history.ts';

/** A world for machines that call nothing: it keeps their history. */
export function bareEnvironment(events: HistoryEvent[]): Environment {
  const nothing = () => {
    throw new Error('the measured machines call nothing');
  };
  return {
    clock: realClock(),
    region: 'us-east-1',
    random: Math.random,
    record: (event) => void events.push(event),
    checkParameters: () => [],
    call: nothing,
    awaitJob: nothing,
    issueToken: nothing,
    awaitToken: nothing,
    dropToken: nothing,
    activityExists: () => false,
    scheduleActivity: nothing,
    objects: { read: nothing, list: nothing, write: nothing },
    openMapRun: nothing,
  };
}
