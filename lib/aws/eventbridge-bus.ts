import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ServiceUnavailableError } from '../core/errors/service-unavailable-error.ts';
import type { Bus, RunEvent } from '../runtime/ports/bus.ts';
import { translateFailure } from './translate-failure.ts';

/** Source of every event of ours. */
const source = 'penstock';

/** The platform's event bus. */
export class EventBridgeBus implements Bus {
  readonly #client: EventBridgeClient;
  readonly #busName: string;

  constructor(client: EventBridgeClient, busName: string) {
    this.#client = client;
    this.#busName = busName;
  }

  async publish({ type, pipeline, run, at, detail }: RunEvent): Promise<void> {
    const entry = {
      EventBusName: this.#busName,
      Source: source,
      DetailType: type,
      Time: new Date(at),
      Detail: JSON.stringify({ pipeline, run, ...detail }),
    };
    const command = new PutEventsCommand({ Entries: [entry] });
    const { FailedEntryCount, Entries = [] } = await translateFailure('events:PutEvents', () =>
      this.#client.send(command),
    );
    if (!FailedEntryCount) return;
    throw new ServiceUnavailableError({
      problem: `the bus did not take the event ${type}`,
      received: Entries[0]?.ErrorCode,
      change: 'try again',
    });
  }
}
