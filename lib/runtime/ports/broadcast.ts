import type { CloudEvent } from '../events/cloud-event.ts';

/** The bus that everybody listens to. */
export interface Broadcast {
  /** Returns once all of them are taken; where it throws, some may be. */
  send(events: readonly CloudEvent[]): Promise<void>;
}
