import type { ScheduleExpression } from '../core/schedule-times.ts';
import { missedEntry } from '../runtime/missed-entry.ts';
import type {
  HandledTime,
  ParkedTrigger,
  PipelineChange,
  PipelineRecord,
  PipelineStore,
  TimeToHandle,
} from '../runtime/ports/pipeline-store.ts';
import { auditItem, changeNoted } from './dynamodb-audit.ts';
import { itemKeys } from './dynamodb-keys.ts';
import { type Attributes, asItem, type DynamodbTable } from './dynamodb-table.ts';

/** Prefix of the sort keys of parked triggers. */
const parkedPrefix = 'RUN#';

/** States of pipelines in the run table, each in a partition of its own with the triggers that wait. */
export class DynamodbPipelineStore implements PipelineStore {
  readonly #table: DynamodbTable;

  constructor(table: DynamodbTable) {
    this.#table = table;
  }

  async find(pipeline: string): Promise<PipelineRecord | undefined> {
    const item = await this.#table.get(itemKeys.pipeline(pipeline));
    return item && withoutKeys<PipelineRecord>(item);
  }

  change({ from, to: state, audit, ...facts }: PipelineChange): Promise<boolean> {
    const { pipeline, by, at } = facts;
    const set = Object.entries({ ...facts, state }).filter(([, value]) => value !== undefined);
    const names = set.map(([name], index) => [`#name${index}`, name]);
    const values = set.map(([, value], index) => [`:value${index}`, value]);
    const states = from.filter((one) => one !== undefined);
    const conditions = [
      ...(states.length < from.length ? ['attribute_not_exists(pk)'] : []),
      ...states.map((_, index) => `#state = :from${index}`),
    ];
    const sets = names.map(([name], index) => `${name} = :value${index}`);
    const update = {
      Key: asItem(itemKeys.pipeline(pipeline)),
      UpdateExpression: `SET ${sets.join(', ')}, #transitions = list_append(if_not_exists(#transitions, :none), :step)${
        facts.problem === undefined ? ' REMOVE #problem' : ''
      }`,
      ConditionExpression: conditions.join(' OR '),
      ExpressionAttributeNames: {
        ...Object.fromEntries(names),
        ...(states.length > 0 && { '#state': 'state' }),
        '#transitions': 'transitions',
        ...(facts.problem === undefined && { '#problem': 'problem' }),
      },
      ExpressionAttributeValues: asItem({
        ...Object.fromEntries(values),
        ...Object.fromEntries(states.map((one, index) => [`:from${index}`, one])),
        ':none': [],
        ':step': [{ state, by, at }],
      }),
    };
    if (!audit) return this.#table.update(update);
    return changeNoted(this.#table, { Update: { ...update, TableName: this.#table.name } }, audit);
  }

  async park(trigger: ParkedTrigger): Promise<'parked' | 'scheduled'> {
    const { pipeline, run } = trigger;
    const { name: TableName } = this.#table;
    const failed = await this.#table.transact([
      {
        // What is parked after somebody has resumed the pipeline would wait for ever.
        ConditionCheck: {
          TableName,
          Key: asItem(itemKeys.pipeline(pipeline)),
          ConditionExpression: '#state = :paused',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: asItem({ ':paused': 'Paused' }),
        },
      },
      { Put: { TableName, Item: asItem({ ...itemKeys.parked(pipeline, run), ...trigger }) } },
    ]);
    return failed.length > 0 ? 'scheduled' : 'parked';
  }

  async parked(pipeline: string): Promise<readonly ParkedTrigger[]> {
    const items = await Array.fromAsync(this.#table.under(itemKeys.pipeline(pipeline).pk, parkedPrefix));
    return items.map((item) => withoutKeys<ParkedTrigger>(item));
  }

  async handledTime(pipeline: string, schedule: ScheduleExpression): Promise<HandledTime | undefined> {
    const item = await this.#table.get(itemKeys.schedule(pipeline, schedule));
    return item && { time: item.time, run: item.run, at: item.at };
  }

  async handleTime(handled: TimeToHandle): Promise<boolean> {
    const { pipeline, schedule, before, time, run, at } = handled;
    const { name: TableName } = this.#table;
    const condition =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#time = :before',
            ExpressionAttributeNames: { '#time': 'time' },
            ExpressionAttributeValues: asItem({ ':before': before }),
          };
    const Item = asItem({ ...itemKeys.schedule(pipeline, schedule), time, run, at });
    const entry = missedEntry(handled);
    const failed = await this.#table.transact([
      { Put: { TableName, Item, ...condition } },
      ...(entry ? [{ Put: { TableName, Item: asItem(auditItem(entry)) } }] : []),
    ]);
    return failed.length === 0;
  }

  async unpark({ pipeline, run }: Pick<ParkedTrigger, 'pipeline' | 'run'>): Promise<void> {
    await this.#table.delete({ Key: asItem(itemKeys.parked(pipeline, run)) });
  }
}

function withoutKeys<Value>({ pk, sk, ...rest }: Attributes): Value {
  return rest as Value;
}
