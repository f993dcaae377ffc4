import { day, epochSeconds } from '../core/durations.ts';
import { cloudEvent } from '../runtime/events/cloud-event.ts';
import type { Bus, PenstockEvent } from '../runtime/ports/bus.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** By then an event has long been archived. */
const outboxLife = 7 * day;

/** What runs have to tell, kept in the run table until its stream has told it: nothing is lost between the two. */
export class DynamodbOutbox implements Bus {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async publish(event: PenstockEvent): Promise<void> {
    const { id } = cloudEvent(event);
    const item = {
      ...itemKeys.event(event.run ?? event.pipeline, id),
      expiresAt: epochSeconds(event.at + outboxLife),
      event,
    };
    // The same event told again is the same item.
    await this.#table.put({ Item: asItem(item), ConditionExpression: 'attribute_not_exists(pk)' });
  }
}
