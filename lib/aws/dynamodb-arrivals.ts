import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { day, epochSeconds } from '../core/durations.ts';
import {
  type Arrivals,
  type ArrivedFile,
  type Batch,
  type BatchName,
  type ClosedBatch,
  type Decision,
  type FileHistory,
  repeatedBy,
} from '../runtime/ports/arrivals.ts';
import type { AuditEntry } from '../runtime/ports/audit.ts';
import { auditItem } from './dynamodb-audit.ts';
import { itemKeys, openBatchPrefix } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable } from './dynamodb-table.ts';

export type { Batch, Decision };

/** No event of an arrival comes this late. */
const decisionLife = 90 * day;

type DecideRequest = Parameters<Arrivals['decide']>[0];

/** Arrivals in the run table: a partition for each key of a file, one for the batches of a pipeline, one for each batch. */
export class DynamodbArrivals implements Arrivals {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async history({ pipeline, key, versionId }: ArrivedFile): Promise<FileHistory> {
    const [version, newest] = [
      itemKeys.arrivedVersion(pipeline, key, versionId),
      itemKeys.newestArrival(pipeline, key),
    ];
    const items = await this.#table.getMany([version, newest]);
    const decision = items.find(({ sk }) => sk === version.sk)?.decision as Decision | undefined;
    const latest = items.find(({ sk }) => sk === newest.sk) as FileHistory['latest'] | undefined;
    return { ...(decision && { decision }), ...(latest && { latest }) };
  }

  async decide(request: DecideRequest): Promise<boolean> {
    const { file, decision } = request;
    const { pipeline, key, versionId } = file;
    const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
    const failed = await this.#table.transact([
      this.#put({ ...itemKeys.arrivedVersion(pipeline, key, versionId), decision, ...expiryOf(request) }, isNew),
      ...this.#latest(request),
      ...this.#joining(request),
      ...(decision.as === 'nothing' ? [this.#put(auditItem(passedOver(request)), isNew)] : []),
    ]);
    return failed.length === 0;
  }

  async repeats(pipeline: string, versions: Parameters<Arrivals['repeats']>[1]) {
    const keys = versions.map(({ key, versionId }) => itemKeys.arrivedVersion(pipeline, key, versionId));
    const items = await this.#table.getMany(keys);
    const decisions = new Map(items.map(({ pk, sk, decision }) => [JSON.stringify([pk, sk]), decision as Decision]));
    return versions.flatMap((version, index) => {
      const { pk, sk } = keys[index]!;
      const of = repeatedBy(decisions.get(JSON.stringify([pk, sk])));
      return of === undefined ? [] : [{ ...version, of }];
    });
  }

  async batch(pipeline: string, place: string): Promise<Batch | undefined> {
    const item = await this.#table.get(itemKeys.batch(pipeline, place));
    return item && batchOf(item);
  }

  async open(pipeline: string): Promise<readonly Batch[]> {
    const items = await Array.fromAsync(this.#table.under(itemKeys.batch(pipeline, '').pk, openBatchPrefix));
    return items.map(batchOf).filter(({ state }) => state === 'open');
  }

  async close(batch: ClosedBatch): Promise<ClosedBatch | undefined> {
    const { pipeline, place, number } = batch;
    const failed = await this.#table.transact([
      this.#update({
        Key: asItem(itemKeys.batch(pipeline, place)),
        UpdateExpression: 'SET #state = :closed',
        ConditionExpression: '#number = :number AND #state = :open',
        ExpressionAttributeNames: { '#state': 'state', '#number': 'number' },
        ExpressionAttributeValues: asItem({ ':closed': 'closed', ':open': 'open', ':number': number }),
      }),
      this.#put({ ...itemKeys.closedBatch(batch), ...batch }, { ConditionExpression: 'attribute_not_exists(pk)' }),
    ]);
    return failed.length === 0 ? batch : this.closed(batch);
  }

  async closed(batch: BatchName): Promise<ClosedBatch | undefined> {
    const item = await this.#table.get(itemKeys.closedBatch(batch));
    return item && { ...nameOf(item), run: item.run, planDigest: item.planDigest };
  }

  async drop({ pipeline, key, versionId }: Parameters<Arrivals['drop']>[0]): Promise<void> {
    await this.#table.update({
      Key: asItem(itemKeys.newestArrival(pipeline, key)),
      UpdateExpression: 'SET dropped = :true',
      ConditionExpression: 'versionId = :version',
      ExpressionAttributeValues: asItem({ ':true': true, ':version': versionId }),
    });
  }

  async members(batch: BatchName): Promise<readonly ArrivedFile[]> {
    const { pk } = itemKeys.batchMember(batch, '');
    const items = await Array.fromAsync(this.#table.under(pk, itemKeys.batchMember(batch, '').sk));
    return items.map(({ pk: _, sk: __, ...file }) => file as unknown as ArrivedFile);
  }

  /** What is older than what was heard of changes nothing there; what repeats it leaves its content as it is. */
  #latest({ file, decision, history: { latest } }: DecideRequest): TransactWriteItem[] {
    if (decision.as === 'nothing' && decision.because === 'superseded') return [];
    const { pipeline, key, sequencer, ...version } = file;
    const { versionId, size, etag } = version;
    const content = decision.as === 'nothing' ? latest : { versionId, size, etag, decision };
    const item = { ...itemKeys.newestArrival(pipeline, key), ...content, sequencer };
    if (!latest) return [this.#put(item, { ConditionExpression: 'attribute_not_exists(pk)' })];
    return [
      this.#put(item, {
        ConditionExpression: 'sequencer = :seen',
        ExpressionAttributeValues: asItem({ ':seen': latest.sequencer }),
      }),
    ];
  }

  #joining({ file, decision, history, most, until }: DecideRequest): TransactWriteItem[] {
    if (decision.as !== 'batch') return [];
    const { pipeline } = file;
    const { place, number } = decision;
    const name = { pipeline, place, number };
    const member = this.#put({ ...itemKeys.batchMember(name, file.key), ...file });
    if (decision.opens) {
      const batch: Batch = { ...name, state: 'open', files: 1, ...(until !== undefined && { until }) };
      return [
        member,
        this.#put(
          { ...itemKeys.batch(pipeline, place), ...batch },
          {
            ConditionExpression: 'attribute_not_exists(pk) OR (#number = :before AND #state = :closed)',
            ExpressionAttributeNames: { '#number': 'number', '#state': 'state' },
            ExpressionAttributeValues: asItem({ ':before': number - 1, ':closed': 'closed' }),
          },
        ),
      ];
    }
    return [
      member,
      this.#update({
        Key: asItem(itemKeys.batch(pipeline, place)),
        UpdateExpression: 'SET #files = #files + :more',
        ConditionExpression: '#number = :number AND #state = :open AND #files < :most',
        ExpressionAttributeNames: { '#files': 'files', '#number': 'number', '#state': 'state' },
        ExpressionAttributeValues: asItem({
          // An older version of the file that is in the batch already loses its place to this one.
          ':more': isIn(history.latest?.decision, name) ? 0 : 1,
          ':number': number,
          ':open': 'open',
          ':most': most ?? Number.MAX_SAFE_INTEGER,
        }),
      }),
    ];
  }

  #put(item: Attributes, condition: Omit<NonNullable<TransactWriteItem['Put']>, 'TableName' | 'Item'> = {}) {
    return { Put: { TableName: this.#table.name, Item: asItem(item), ...condition } };
  }

  #update(update: Omit<NonNullable<TransactWriteItem['Update']>, 'TableName'>) {
    return { Update: { TableName: this.#table.name, ...update } };
  }
}

/**
 * Runs that list the lake, and such as are tried again, ask for ever what repeats an earlier version, for nothing else says
 * so. Any other decision is for events that come again.
 */
function expiryOf({ decision, at }: DecideRequest): { readonly expiresAt?: number } {
  if (repeatedBy(decision) !== undefined) return {};
  return { expiresAt: epochSeconds(at + decisionLife) };
}

function isIn(decision: Decision | undefined, { place, number }: BatchName): boolean {
  return decision?.as === 'batch' && decision.place === place && decision.number === number;
}

/** Written along with the decision, so it stands there once, however often the message comes. */
function passedOver({ file, decision, at }: DecideRequest): AuditEntry {
  const { pipeline, key, versionId } = file;
  const { because, by } = decision as Extract<Decision, { as: 'nothing' }>;
  const detail = { key, versionId, because, version: by };
  return { at, by: 'its trigger', action: 'pass-over', pipeline, detail };
}

function batchOf(item: Attributes): Batch {
  const { state, files, until } = item;
  return { ...nameOf(item), state, files, ...(until !== undefined && { until }) };
}

function nameOf({ pipeline, place, number }: Attributes): BatchName {
  return { pipeline, place, number };
}
