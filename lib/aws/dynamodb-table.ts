import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../core/clock.ts';
import { WriteConflictError } from '../core/errors/write-conflict-error.ts';
import { translateFailure } from './translate-failure.ts';

export type Item = Record<string, AttributeValue>;

/** Key of an item of the run table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** What an item says besides its key. */
export type Attributes = Record<string, any>;

const mostTransactionAttempts = 8;

type Without<Input> = Omit<Input, 'TableName'>;

/** The run table: typed calls with our errors, and conditions that answer instead of throwing. */
export class DynamodbTable {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly clock: Clock;

  constructor(client: DynamoDBClient, name: string, clock: Clock) {
    this.client = client;
    this.name = name;
    this.clock = clock;
  }

  /** Reads what was written last, never an older state. */
  async get(key: ItemKey): Promise<Attributes | undefined> {
    const command = new GetItemCommand({ TableName: this.name, Key: marshall(key), ConsistentRead: true });
    const { Item } = await translateFailure('dynamodb:GetItem', () => this.client.send(command));
    return Item && unmarshall(Item);
  }

  /** False where the condition does not hold. */
  put(input: Without<PutItemCommandInput>): Promise<boolean> {
    const command = new PutItemCommand({ ...input, TableName: this.name });
    return holds('dynamodb:PutItem', () => this.client.send(command));
  }

  update(input: Without<UpdateItemCommandInput>): Promise<boolean> {
    const command = new UpdateItemCommand({ ...input, TableName: this.name });
    return holds('dynamodb:UpdateItem', () => this.client.send(command));
  }

  /**
   * Adds a member to the set `members` of an item, which is made where there is none. Returns how many that makes: the
   * same member again, because the answer was lost, makes no more.
   */
  async collect(key: ItemKey, member: string, { expiresAt }: { readonly expiresAt: number }): Promise<number> {
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: marshall(key),
      UpdateExpression: 'SET expiresAt = :end ADD members :member',
      ExpressionAttributeValues: marshall({ ':end': expiresAt, ':member': new Set([member]) }),
      ReturnValues: 'UPDATED_NEW',
    });
    const { Attributes: written } = await translateFailure('dynamodb:UpdateItem', () => this.client.send(command));
    return written?.members?.SS?.length ?? 0;
  }

  delete(input: Without<DeleteItemCommandInput>): Promise<boolean> {
    const command = new DeleteItemCommand({ ...input, TableName: this.name });
    return holds('dynamodb:DeleteItem', () => this.client.send(command));
  }

  /**
   * Writes all or nothing. Returns the positions of the parts whose conditions do not hold: none where it was written.
   * A transaction that met another one on the same items is tried again. Throws `WriteConflictError`.
   */
  async transact(TransactItems: TransactWriteItem[]): Promise<readonly number[]> {
    for (let attempt = 1; attempt <= mostTransactionAttempts; attempt++) {
      const failed = await translateFailure('dynamodb:TransactWriteItems', () =>
        this.#attemptTransaction(TransactItems),
      );
      if (failed !== 'conflict') return failed;
      await this.clock.sleep(Math.random() * 2 ** attempt * 25);
    }
    throw new WriteConflictError({
      problem: 'other transactions were at the same items each time',
      received: `${mostTransactionAttempts} attempts`,
      change: 'try again',
    });
  }

  async #attemptTransaction(TransactItems: TransactWriteItem[]): Promise<readonly number[] | 'conflict'> {
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      const failed = codes.flatMap((code, part) => (code === 'ConditionalCheckFailed' ? [part] : []));
      if (failed.length > 0) return failed;
      if (codes.includes('TransactionConflict')) return 'conflict';
      throw error;
    }
  }

  /** One page; `next` is the key to go on from. */
  async page(input: Without<QueryCommandInput>): Promise<{ readonly items: Attributes[]; readonly next?: Item }> {
    const command = new QueryCommand({ ...input, TableName: this.name });
    const { Items = [], LastEvaluatedKey } = await translateFailure('dynamodb:Query', () => this.client.send(command));
    return { items: Items.map((item) => unmarshall(item)), ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
  }

  /** All items of a partition whose sort key begins with `prefix`, in its order. */
  async *under(pk: string, prefix: string): AsyncIterable<Attributes> {
    let start: Item | undefined;
    do {
      const { items, next } = await this.page({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': prefix }),
        ConsistentRead: true,
        ExclusiveStartKey: start,
      });
      yield* items;
      start = next;
    } while (start);
  }

  /** The items that exist, in no order, and each once, as DynamoDB wants to be asked for them. */
  async getMany(keys: readonly ItemKey[]): Promise<Attributes[]> {
    const found: Attributes[] = [];
    const named = new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key]));
    let waiting = [...named.values()].map((key) => marshall(key));
    for (let attempt = 0; waiting.length > 0; attempt++) {
      const Keys = waiting.splice(0, 100);
      const command = new BatchGetItemCommand({ RequestItems: { [this.name]: { Keys, ConsistentRead: true } } });
      const answer = await translateFailure('dynamodb:BatchGetItem', () => this.client.send(command));
      found.push(...(answer.Responses?.[this.name] ?? []).map((item) => unmarshall(item)));
      const left = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
      waiting = [...left, ...waiting];
      if (left.length > 0) await this.clock.sleep(Math.random() * Math.min(5_000, 2 ** attempt * 50));
    }
    return found;
  }
}

/** Attributes as DynamoDB writes them; members that are undefined are left out. */
export function asItem(attributes: Attributes): Item {
  // Without the second option, an object that has a member "constructor", as a column may be called, is refused.
  return marshall(attributes, { removeUndefinedValues: true, convertClassInstanceToMap: true });
}

/** One attribute's value. */
export function asValue(value: unknown): AttributeValue {
  return asItem({ value }).value!;
}

async function holds(operation: string, call: () => Promise<unknown>): Promise<boolean> {
  return translateFailure(operation, async () => {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
