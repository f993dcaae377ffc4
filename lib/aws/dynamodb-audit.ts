import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Audit, AuditEntry, AuditQuery } from '../runtime/ports/audit.ts';
import { indexPartitions, itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable, type Item } from './dynamodb-table.ts';

/** The audit in the run table: an item for each entry, all of them in one partition of the index `byTime`. */
export class DynamodbAudit implements Audit {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async add(entry: AuditEntry, of?: string): Promise<void> {
    await this.#table.put(putOf(entry, of));
  }

  async list({ pipeline, action, since, limit = 50 }: AuditQuery): Promise<readonly AuditEntry[]> {
    const found: AuditEntry[] = [];
    let start: Item | undefined;
    do {
      const { items, next } = await this.#table.page({
        IndexName: 'byTime',
        KeyConditionExpression: 'gsiPk = :pk AND gsiSk >= :since',
        ExpressionAttributeValues: asItem({ ':pk': indexPartitions.audit, ':since': timeKey(since ?? 0) }),
        ScanIndexForward: false,
        ExclusiveStartKey: start,
      });
      const entries = items.map(withoutKeys);
      found.push(
        ...entries.filter(
          (entry) => (pipeline ?? entry.pipeline) === entry.pipeline && (action ?? entry.action) === entry.action,
        ),
      );
      start = next;
    } while (start && found.length < limit);
    return found.slice(0, limit);
  }
}

/** Makes a change and notes who did it: both or neither. False where the change does not hold. */
export async function changeNoted(
  table: DynamodbTable,
  change: TransactWriteItem,
  audit: AuditEntry,
): Promise<boolean> {
  const failed = await table.transact([change, noteOf(table, audit)]);
  return failed.length === 0;
}

/** The part of a transaction that notes who makes it. */
export function noteOf({ name: TableName }: DynamodbTable, audit: AuditEntry): TransactWriteItem {
  return { Put: { TableName, ...putOf(audit) } };
}

/** A random name is no protection by itself: an entry that exists is never written over. */
function putOf(entry: AuditEntry, of?: string) {
  return { Item: asItem(auditItem(entry, of)), ConditionExpression: 'attribute_not_exists(pk)' };
}

/** An entry under a name of its own, or under that of what it stands for. */
export function auditItem(entry: AuditEntry, of?: string): Attributes {
  const named = `${timeKey(entry.at)}#${crypto.randomUUID()}`;
  const keys = itemKeys.audit(entry.pipeline, of ?? named);
  return { ...keys, gsiPk: indexPartitions.audit, gsiSk: named, ...entry };
}

const timeKey = (at: number) => new Date(at).toISOString();

function withoutKeys({ pk, sk, gsiPk, gsiSk, ...entry }: Attributes): AuditEntry {
  return entry as unknown as AuditEntry;
}
