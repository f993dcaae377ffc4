import { day, epochSeconds } from '../core/durations.ts';
import { sha256 } from '../core/sha256.ts';
import type { LedgerRecord } from '../runtime/ledger/ledger-entry.ts';
import type { AuditEntry } from '../runtime/ports/audit.ts';
import type {
  Acknowledgement,
  ChunkAttempt,
  ChunkFailure,
  Claim,
  ClaimOutcome,
  InputVersion,
  RunChange,
  RunPage,
  RunRecord,
  RunStore,
} from '../runtime/ports/run-store.ts';
import { changeNoted } from './dynamodb-audit.ts';
import { claimFiles } from './dynamodb-claims.ts';
import { claimPrefix, failurePrefix, indexPartitions, itemKeys, ledgerPrefix } from './dynamodb-keys.ts';
import { runUpdate } from './dynamodb-run-update.ts';
import { type Attributes, asItem, type DynamodbTable, type Item, type ItemKey } from './dynamodb-table.ts';

/** Entries of chunks are details of a run; after this time only the run's record and its report remain. */
const ledgerLife = 90 * day;
const absent = 'attribute_not_exists(pk)';

/** Runs in one DynamoDB table with keys `pk`, `sk` and the index `byTime`. */
export class DynamodbRunStore implements RunStore {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async create(record: RunRecord): Promise<'created' | 'exists'> {
    const { run, pipeline, startedAt } = record;
    const gsiSk = `${startedAt}#${run}`;
    // First the listing, which says nothing yet: a run that exists is always on the list.
    await this.#table.put({ Item: asItem({ ...itemKeys.listing(run), gsiPk: indexPartitions.all, gsiSk, run }) });
    const item = { ...itemKeys.run(run), gsiPk: indexPartitions.of(pipeline), gsiSk, ...record };
    return (await this.#table.put({ Item: asItem(item), ConditionExpression: absent })) ? 'created' : 'exists';
  }

  async find(run: string): Promise<RunRecord | undefined> {
    const item = await this.#table.get(itemKeys.run(run));
    return item && withoutKeys<RunRecord>(item);
  }

  change(change: RunChange): Promise<boolean> {
    const update = runUpdate(change);
    if (!change.audit) return this.#table.update(update);
    return changeNoted(this.#table, { Update: { ...update, TableName: this.#table.name } }, change.audit);
  }

  async keep(pipeline: string, run: string, until: number): Promise<void> {
    await this.#table.put({ Item: asItem({ ...itemKeys.kept(pipeline, run), expiresAt: epochSeconds(until) }) });
  }

  async list({ pipeline, limit = 50, cursor }: Parameters<RunStore['list']>[0]): Promise<RunPage> {
    const { items, next } = await this.#table.page({
      IndexName: 'byTime',
      KeyConditionExpression: 'gsiPk = :pk',
      ExpressionAttributeValues: asItem({
        ':pk': pipeline === undefined ? indexPartitions.all : indexPartitions.of(pipeline),
      }),
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey:
        cursor === undefined ? undefined : (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Item),
    });
    const keys = items.map(({ run }) => itemKeys.run(run));
    const records = new Map((await this.#table.getMany(keys)).map((item) => [item.run, withoutKeys<RunRecord>(item)]));
    // A listing without a run is that of a run whose creation was cut short.
    const runs = items.flatMap(({ run }) => records.get(run) ?? []);
    return { runs, ...(next && { cursor: Buffer.from(JSON.stringify(next)).toString('base64url') }) };
  }

  async addLedgerRecord(record: LedgerRecord): Promise<'written' | 'exists'> {
    const { run, stage, chunk, at } = record;
    const item = { ...itemKeys.ledger(run, stage, chunk), expiresAt: epochSeconds(at + ledgerLife), ...record };
    return (await this.#table.put({ Item: asItem(item), ConditionExpression: absent })) ? 'written' : 'exists';
  }

  async ledgerRecord(run: string, stage: string, chunk: string): Promise<LedgerRecord | undefined> {
    const item = await this.#table.get(itemKeys.ledger(run, stage, chunk));
    return item && withoutKeys<LedgerRecord>(item);
  }

  async ledgerRecords(run: string, stage?: string): Promise<readonly LedgerRecord[]> {
    const { pk } = itemKeys.run(run);
    const items = await Array.fromAsync(this.#table.under(pk, ledgerPrefix(stage)));
    return items.map((item) => withoutKeys<LedgerRecord>(item));
  }

  async addChunkFailure(failure: ChunkFailure): Promise<void> {
    const { run, stage, chunk, at } = failure;
    const item = { ...itemKeys.failure(run, stage, chunk), expiresAt: epochSeconds(at + ledgerLife), ...failure };
    await this.#table.put({ Item: asItem(item) });
  }

  async chunkFailures(run: string): Promise<readonly ChunkFailure[]> {
    const items = await Array.fromAsync(this.#table.under(itemKeys.run(run).pk, failurePrefix));
    return items.map((item) => withoutKeys<ChunkFailure>(item));
  }

  async beginAttempt({ run, stage, chunk, retryCount, at }: ChunkAttempt): Promise<number> {
    const key = itemKeys.begun(run, stage, chunk);
    const before = await this.#table.get(key);
    const begun = before && before.retryCount < retryCount ? before.begun + 1 : 1;
    await this.#table.put({ Item: asItem({ ...key, begun, retryCount, expiresAt: epochSeconds(at + ledgerLife) }) });
    return begun;
  }

  async endAttempt({ run, stage, chunk, retryCount, at }: ChunkAttempt): Promise<void> {
    const item = { ...itemKeys.begun(run, stage, chunk), begun: 0, retryCount };
    await this.#table.put({ Item: asItem({ ...item, expiresAt: epochSeconds(at + ledgerLife) }) });
  }

  countFailedAttempt({ run, stage, chunk, retryCount, at }: ChunkAttempt): Promise<number> {
    // Short, as thousands of them stand in one item; two of a run are the same once in some ten million runs.
    const attempt = sha256(`${stage}#${chunk}#${retryCount}`).slice(0, 12);
    return this.#table.collect(itemKeys.attempts(run), attempt, { expiresAt: epochSeconds(at + ledgerLife) });
  }

  async forgetFailedAttempts(run: string): Promise<void> {
    await this.#table.update({
      Key: asItem(itemKeys.attempts(run) satisfies ItemKey),
      UpdateExpression: 'REMOVE members',
      ConditionExpression: 'attribute_exists(pk)',
    });
  }

  async acknowledge(note: Acknowledgement, audit?: AuditEntry): Promise<Acknowledgement | undefined> {
    const put = { Item: asItem({ ...itemKeys.acknowledged(note.run), ...note }), ConditionExpression: absent };
    const noted = audit
      ? await changeNoted(this.#table, { Put: { ...put, TableName: this.#table.name } }, audit)
      : await this.#table.put(put);
    if (noted) return undefined;
    return this.acknowledged(note.run);
  }

  async acknowledged(run: string): Promise<Acknowledgement | undefined> {
    const item = await this.#table.get(itemKeys.acknowledged(run));
    return item && withoutKeys<Acknowledgement>(item);
  }

  claimIncident(pipeline: string, incident: string, execution: string): Promise<boolean> {
    return this.#table.put({
      Item: asItem({ ...itemKeys.incident(pipeline, incident), execution }),
      ConditionExpression: `${absent} OR execution = :own`,
      ExpressionAttributeValues: asItem({ ':own': execution }),
    });
  }

  async consumed(pipeline: string, run: string, files: readonly InputVersion[]): Promise<readonly InputVersion[]> {
    const claims = await this.#table.getMany(files.map((file) => itemKeys.claim(pipeline, file)));
    const taken = new Set(claims.filter((claim) => claim.run !== run).map((claim) => claim.sk));
    return files.filter((file) => taken.has(itemKeys.claim(pipeline, file).sk));
  }

  claim(pipeline: string, run: string, files: readonly InputVersion[]): Promise<ClaimOutcome> {
    return claimFiles(this.#table, pipeline, run, files);
  }

  async claims(pipeline: string, key: string): Promise<readonly Claim[]> {
    const { pk } = itemKeys.claim(pipeline, { key, versionId: '' });
    const items = await Array.fromAsync(this.#table.under(pk, claimPrefix(key)));
    // The prefix is that of "a#b" as well, where "a" is asked for.
    return items.flatMap(({ run, key: own, versionId }) => (own === key ? [{ run, key, versionId }] : []));
  }

  async release(pipeline: string, run: string, file: InputVersion): Promise<void> {
    const Key = asItem(itemKeys.claim(pipeline, file) satisfies ItemKey);
    await this.#table.delete({ Key, ConditionExpression: '#run = :run', ...ofRun(run) });
  }
}

function ofRun(run: string) {
  return { ExpressionAttributeNames: { '#run': 'run' }, ExpressionAttributeValues: asItem({ ':run': run }) };
}

function withoutKeys<Value>({ pk, sk, gsiPk, gsiSk, expiresAt, ...rest }: Attributes): Value {
  return rest as Value;
}
