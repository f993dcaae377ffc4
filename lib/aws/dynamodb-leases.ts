import type { Update } from '@aws-sdk/client-dynamodb';
import type { Lease, Leases } from '../runtime/ports/leases.ts';
import type { RunChange } from '../runtime/ports/run-store.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { whileIn } from './dynamodb-run-state.ts';
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
    if (await this.#update(name, taking(run, limit))) return true;
    return !(await this.#isThere(name)) && this.take(name, run, limit);
  }

  async admit(
    name: string,
    run: string,
    limit: number,
    during: RunChange['from'],
  ): Promise<'admitted' | 'full' | 'late'> {
    const outcome = await this.#updateDuring(name, { run, during, update: taking(run, limit) });
    if (outcome === 'written') return 'admitted';
    if (outcome === 'late') return 'late';
    return (await this.#isThere(name)) ? 'full' : this.admit(name, run, limit, during);
  }

  async wait(name: string, run: string, since: string, during: RunChange['from']): Promise<boolean> {
    const update = {
      UpdateExpression: 'SET waiting.#run = :since',
      ConditionExpression: 'attribute_exists(waiting) AND attribute_not_exists(waiting.#run) AND size(waiting) < :most',
      ExpressionAttributeNames: { '#run': run },
      ExpressionAttributeValues: asItem({ ':since': since, ':most': longestLine }),
    };
    const outcome = await this.#updateDuring(name, { run, during, update });
    if (outcome !== 'refused') return outcome === 'written';
    return (await this.#isThere(name)) || this.wait(name, run, since, during);
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

  /** Paths into a map need the map. Only who finds none makes it: nearly all find one. False: it was made now. */
  async #isThere(name: string): Promise<boolean> {
    if (await this.#table.get(itemKeys.lease(name))) return true;
    const Item = asItem({ ...itemKeys.lease(name), fence: 1, holders: {}, waiting: {} });
    await this.#table.put({ Item, ConditionExpression: 'attribute_not_exists(pk)' });
    return false;
  }

  #update(name: string, update: LeaseUpdate): Promise<boolean> {
    return this.#table.update({ ...update, Key: asItem(itemKeys.lease(name)) });
  }

  /** Whoever takes a run out of these states gives back what it has by then: behind that, nothing is taken. */
  async #updateDuring(name: string, { run, during, update }: OfRun): Promise<'written' | 'late' | 'refused'> {
    const table = this.#table;
    const Update = { ...update, TableName: table.name, Key: asItem(itemKeys.lease(name)) };
    const [failed] = await table.transact([whileIn(table, run, during), { Update }]);
    if (failed === undefined) return 'written';
    return failed === 0 ? 'late' : 'refused';
  }
}

interface OfRun {
  readonly run: string;
  readonly during: RunChange['from'];
  readonly update: LeaseUpdate;
}

type LeaseUpdate = Pick<Update, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> & {
  readonly UpdateExpression: string;
};

function taking(run: string, limit: number): LeaseUpdate {
  return {
    // The values on the right are those from before: the holder gets the number, and the next one another.
    UpdateExpression: 'SET holders.#run = fence, fence = fence + :one REMOVE waiting.#run',
    ConditionExpression: 'attribute_exists(holders.#run) OR size(holders) < :limit',
    ExpressionAttributeNames: { '#run': run },
    ExpressionAttributeValues: asItem({ ':one': 1, ':limit': limit }),
  };
}
