import type { ParkedTrigger, PipelineRecord, PipelineStore } from '../runtime/ports/pipeline-store.ts';
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

  change(record: PipelineRecord): Promise<boolean> {
    const { pipeline, state } = record;
    // Nobody has written down that a pipeline is scheduled, as long as none was paused.
    const first = state === 'Paused' ? 'attribute_not_exists(pk) OR ' : '';
    const before = state === 'Paused' ? 'Scheduled' : 'Paused';
    return this.#table.put({
      Item: asItem({ ...itemKeys.pipeline(pipeline), ...record }),
      ConditionExpression: `${first}#state = :before`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: asItem({ ':before': before }),
    });
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

  async unpark({ pipeline, run }: Pick<ParkedTrigger, 'pipeline' | 'run'>): Promise<void> {
    await this.#table.delete({ Key: asItem(itemKeys.parked(pipeline, run)) });
  }
}

function withoutKeys<Value>({ pk, sk, ...rest }: Attributes): Value {
  return rest as Value;
}
