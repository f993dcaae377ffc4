import { createHash } from 'node:crypto';
import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { type Database, itemName } from '../database.ts';
import { dynaliteDb } from '../dynalite.ts';
import { awsError, validation } from '../failure.ts';
import type { IdempotencyTokens } from '../idempotency-tokens.ts';
import { type WrittenIndexes, withIndexes, writtenIndexes } from '../index-capacity.ts';
import { itemBytes } from '../item-size.ts';
import type { Writes } from '../writes.ts';
import { checkedWrite, isConditionFailure, refuseCollectionMetrics, targetOf, type WriteAction } from './write-item.ts';

const readUnitBytes = 4096;
const maxActions = 100;
/** Of all items that a transaction reads or writes. */
export const maxTransactionBytes = 4 * 1024 * 1024;
const actions: Record<string, WriteAction | 'conditionCheck'> = {
  Put: 'putItem',
  Update: 'updateItem',
  Delete: 'deleteItem',
  ConditionCheck: 'conditionCheck',
};
const members = new Set([
  'TransactItems',
  'ClientRequestToken',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
]);

interface Step {
  readonly action: WriteAction | 'conditionCheck';
  readonly data: any;
  readonly table: string;
  readonly key: string;
  readonly returnItem: boolean;
}

/** What came of one step: its consumed capacity, or why it cancels the transaction. */
type Outcome = { readonly units: number } | { readonly reason: { Code: string; Message: string; Item?: unknown } };

/** All steps or none: every condition is checked under the locks of all items, and one batch commits the changes. */
export function transactWriteItems(database: Database, tokens: IdempotencyTokens): Operation {
  return async (input) => {
    const steps = checkedSteps(database, input);
    const token: string | undefined = input.ClientRequestToken;
    const digest = createHash('sha256').update(JSON.stringify(input.TransactItems)).digest('base64');
    const names = steps.map((step) => itemName(step.table, step.key));
    if (token) names.push(tokens.name(token));
    return database.write(names, async (writes) => {
      if (token && (await tokens.seen(token, digest))) return readAgain(writes, input, steps);
      const outcomes: Outcome[] = [];
      for (const step of steps) outcomes.push(await outcomeOf(writes, step));
      const reasons = outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : { Code: 'None' }));
      if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
      if (token) for (const change of tokens.remember(token, digest)) writes.add(change);
      const indexes = writtenTables(database, writes);
      return consumed(input, steps, outcomes, indexes);
    });
  };
}

export function cancelled(reasons: readonly { Code: string }[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
}

function checkedSteps(database: Database, input: any): Step[] {
  for (const member of Object.keys(input)) {
    if (!members.has(member)) throw new NotSupportedError(`dynamodb:transactWriteItems with ${member}`);
  }
  const count = input.TransactItems?.length ?? 0;
  if (count < 1 || count > maxActions) {
    throw validation(
      `1 validation error detected: Value '${JSON.stringify(input.TransactItems ?? null)}' at 'transactItems' failed to satisfy constraint: ` +
        `Member must have length ${count < 1 ? 'greater than or equal to 1' : `less than or equal to ${maxActions}`}`,
    );
  }
  const steps: Step[] = input.TransactItems.map((item: any) => checkedStep(database, item));
  if (new Set(steps.map((step) => itemName(step.table, step.key))).size < steps.length) {
    throw validation('Transaction request cannot include multiple operations on one item');
  }
  const bytes = steps.reduce((total, step) => total + itemBytes(step.data.Item ?? step.data.Key), 0);
  if (bytes > maxTransactionBytes) throw validation('Collection size of items in transaction cannot exceed 4MB');
  refuseCollectionMetrics(
    database,
    steps.map((step) => step.table),
    input,
  );
  return steps;
}

function checkedStep(database: Database, item: any): Step {
  const given = Object.keys(item).filter((name) => item[name] != null);
  const action = actions[given[0] ?? ''];
  if (given.length !== 1 || !action) {
    throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const request = item[given[0]!];
  for (const member of ['ReturnValues', 'Expected', 'ConditionalOperator', 'AttributeUpdates']) {
    if (request[member] != null) throw new NotSupportedError(`dynamodb:transactWriteItems with ${given[0]}.${member}`);
  }
  if (action === 'conditionCheck' && request.ConditionExpression == null) {
    throw validation("The parameter 'ConditionExpression' is required but was not present in the request");
  }
  const data = checkedWrite(action === 'conditionCheck' ? 'deleteItem' : action, request);
  const returnItem = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return { action, data: { ...data, ReturnConsumedCapacity: 'TOTAL' }, ...targetOf(database, data), returnItem };
}

async function outcomeOf(writes: Writes, step: Step): Promise<Outcome> {
  const before = await writes.before(step.table, step.key);
  try {
    if (step.action !== 'conditionCheck') {
      const result = await writes.run(step.action, step.data);
      return { units: result.ConsumedCapacity.CapacityUnits };
    }
    const failure = dynaliteDb.checkConditional(step.data, before);
    if (failure) throw awsError(failure);
    return { units: before ? Math.ceil(itemBytes(before) / 1024) : 1 };
  } catch (error) {
    if (isConditionFailure(error)) {
      const item = step.returnItem && before ? { Item: before } : {};
      return { reason: { Code: 'ConditionalCheckFailed', Message: error.message, ...item } };
    }
    if (error instanceof AwsError && error.code === 'ValidationException') {
      return { reason: { Code: 'ValidationError', Message: error.message } };
    }
    throw error;
  }
}

type TableIndexes = readonly (readonly [table: string, indexes: WrittenIndexes])[];

function writtenTables(database: Database, writes: Writes): TableIndexes {
  const changes = Object.groupBy(writes.itemChanges(), ({ table }) => table);
  return Object.entries(changes).map(([table, list]) => [
    table,
    writtenIndexes(database.tables.get(table).description, list!, transactionFactor),
  ]);
}

/** A transaction prepares and commits every item, so it costs twice. */
const transactionFactor = 2;

/** A transaction that comes again for its token reads its items, and costs what reading them does. */
async function readAgain(
  writes: Writes,
  { ReturnConsumedCapacity: mode }: any,
  steps: readonly Step[],
): Promise<object> {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return {};
  const units = new Map<string, number>();
  for (const { table, key } of steps) {
    const item = await writes.before(table, key);
    const own = item ? Math.ceil(itemBytes(item) / readUnitBytes) : 1;
    units.set(table, (units.get(table) ?? 0) + own * transactionFactor);
  }
  return {
    ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({
      TableName,
      CapacityUnits,
      ReadCapacityUnits: CapacityUnits,
      ...(mode === 'INDEXES' && { Table: { CapacityUnits, ReadCapacityUnits: CapacityUnits } }),
    })),
  };
}

function consumed(
  { ReturnConsumedCapacity: mode }: any,
  steps: readonly Step[],
  outcomes: readonly Outcome[],
  indexes: TableIndexes,
): object {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return {};
  const units = new Map<string, number>();
  steps.forEach((step, index) => {
    const outcome = outcomes[index];
    const own = outcome && 'units' in outcome ? outcome.units * transactionFactor : 0;
    units.set(step.table, (units.get(step.table) ?? 0) + own);
  });
  const ofTable = new Map(indexes);
  return {
    ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => {
      const written = ofTable.get(TableName) ?? { units: 0, members: {} };
      const WriteCapacityUnits = CapacityUnits + written.units;
      return { ...withIndexes({ TableName, CapacityUnits }, mode, written), WriteCapacityUnits };
    }),
  };
}
