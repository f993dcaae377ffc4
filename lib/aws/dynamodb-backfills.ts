import type { AuditEntry } from '../runtime/ports/audit.ts';
import {
  type BackfillRecord,
  type BackfillStore,
  type SliceRun,
  sharingRange,
} from '../runtime/ports/backfill-store.ts';
import { changeNoted, noteOf } from './dynamodb-audit.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable } from './dynamodb-table.ts';

/** Backfills in the run table: those of a pipeline in one partition, with a count of openings that makes them one by one. */
export class DynamodbBackfills implements BackfillStore {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async find(pipeline: string, id: string): Promise<BackfillRecord | undefined> {
    const item = await this.#table.get(itemKeys.backfill(pipeline, id));
    return item && withoutKeys<BackfillRecord>(item);
  }

  async list(pipeline: string): Promise<readonly BackfillRecord[]> {
    const found: BackfillRecord[] = [];
    for await (const item of this.#table.under(itemKeys.backfill(pipeline, '').pk, itemKeys.backfill(pipeline, '').sk))
      found.push(withoutKeys(item));
    return found.sort((a, b) => b.at - a.at);
  }

  async open(record: BackfillRecord, audit: AuditEntry): Promise<BackfillRecord | undefined> {
    const { pipeline, id } = record;
    for (;;) {
      const openings = Number((await this.#table.get(itemKeys.backfillOpenings(pipeline)))?.openings ?? 0);
      const other = sharingRange(await this.list(pipeline), record);
      if (other) return other;
      const TableName = this.#table.name;
      const failed = await this.#table.transact([
        { Put: { TableName, Item: asItem({ ...itemKeys.backfill(pipeline, id), ...record }) } },
        {
          Update: {
            TableName,
            Key: asItem(itemKeys.backfillOpenings(pipeline)),
            UpdateExpression: 'SET openings = :next',
            ConditionExpression: openings === 0 ? 'attribute_not_exists(openings)' : 'openings = :before',
            ExpressionAttributeValues: asItem({ ':next': openings + 1, ...(openings > 0 && { ':before': openings }) }),
          },
        },
        noteOf(this.#table, audit),
      ]);
      if (failed.length === 0) return undefined;
    }
  }

  close(
    { pipeline, id }: Pick<BackfillRecord, 'pipeline' | 'id'>,
    state: 'Completed' | 'Cancelled',
    audit?: AuditEntry,
  ): Promise<boolean> {
    const update = {
      Key: asItem(itemKeys.backfill(pipeline, id)),
      UpdateExpression: 'SET #state = :state',
      ConditionExpression: '#state = :open',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: asItem({ ':state': state, ':open': 'Open' }),
    };
    if (!audit) return this.#table.update(update);
    return changeNoted(this.#table, { Update: { ...update, TableName: this.#table.name } }, audit);
  }

  async noteSlice(id: string, slice: SliceRun): Promise<void> {
    await this.#table.put({ Item: asItem({ ...itemKeys.slice(id, slice.slice), ...slice }) });
  }

  async slices(id: string): Promise<readonly SliceRun[]> {
    const found: SliceRun[] = [];
    const { pk, sk } = itemKeys.slice(id, '');
    for await (const item of this.#table.under(pk, sk)) found.push(withoutKeys(item));
    return found;
  }
}

function withoutKeys<T>({ pk, sk, ...attributes }: Attributes): T {
  return attributes as T;
}
