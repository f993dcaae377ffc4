import type { Lease, Leases } from '../runtime/ports/leases.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { asItem, type DynamodbTable } from './dynamodb-table.ts';

/** An item holds 400 KB, and each change of it costs as much as all of it: who comes later asks again, and stands in line then. */
const longestLine = 1_000;

/** Leases in the run table: one item for each name, which every step changes in place. */
export class DynamodbLeases implements Leases {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async find(name: string): Promise<Lease> {
    const item = await this.#table.get(itemKeys.lease(name));
    return { holders: item?.holders ?? {}, waiting: item?.waiting ?? {} };
  }

  async take(name: string, run: string, limit: number): Promise<boolean> {
    const take = {
      // The values on the right are those from before: the holder gets the number, and the next one another.
      UpdateExpression: 'SET holders.#run = fence, fence = fence + :one REMOVE waiting.#run',
      ConditionExpression: 'attribute_exists(holders.#run) OR size(holders) < :limit',
      ExpressionAttributeNames: { '#run': run },
      ExpressionAttributeValues: asItem({ ':one': 1, ':limit': limit }),
    };
    if (await this.#update(name, take)) return true;
    if (await this.#table.get(itemKeys.lease(name))) return false;
    await this.#make(name);
    return this.take(name, run, limit);
  }

  async wait(name: string, run: string, since: string): Promise<void> {
    const wait = {
      UpdateExpression: 'SET waiting.#run = :since',
      ConditionExpression: 'attribute_exists(waiting) AND attribute_not_exists(waiting.#run) AND size(waiting) < :most',
      ExpressionAttributeNames: { '#run': run },
      ExpressionAttributeValues: asItem({ ':since': since, ':most': longestLine }),
    };
    if ((await this.#update(name, wait)) || (await this.#table.get(itemKeys.lease(name)))) return;
    await this.#make(name);
    await this.wait(name, run, since);
  }

  async leave(name: string, run: string): Promise<void> {
    await this.#update(name, {
      UpdateExpression: 'REMOVE waiting.#run',
      ConditionExpression: 'attribute_exists(waiting.#run)',
      ExpressionAttributeNames: { '#run': run },
    });
  }

  async release(name: string, run: string): Promise<void> {
    await this.#update(name, {
      UpdateExpression: 'REMOVE holders.#run, waiting.#run',
      ConditionExpression: 'attribute_exists(holders.#run) OR attribute_exists(waiting.#run)',
      ExpressionAttributeNames: { '#run': run },
    });
  }

  async expire(name: string, run: string, fence: number): Promise<void> {
    await this.#update(name, {
      UpdateExpression: 'REMOVE holders.#run',
      ConditionExpression: 'holders.#run = :fence',
      ExpressionAttributeNames: { '#run': run },
      ExpressionAttributeValues: asItem({ ':fence': fence }),
    });
  }

  /** Paths into a map need the map. Only who finds none makes it: nearly all find one. */
  async #make(name: string): Promise<void> {
    const Item = asItem({ ...itemKeys.lease(name), fence: 1, holders: {}, waiting: {} });
    await this.#table.put({ Item, ConditionExpression: 'attribute_not_exists(pk)' });
  }

  #update(name: string, update: Omit<Parameters<DynamodbTable['update']>[0], 'Key'>): Promise<boolean> {
    return this.#table.update({ ...update, Key: asItem(itemKeys.lease(name)) });
  }
}
