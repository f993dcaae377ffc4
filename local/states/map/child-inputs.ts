import type { Json, JsonObject } from '../json.ts';
import { maxPayloadBytes, Payload } from '../payload.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import type { ChildInput } from './child-pool.ts';
import type { Dataset } from './dataset.ts';
import { selectItem } from './select-item.ts';

export interface ChildInputs {
  readonly children: readonly ChildInput[];
  readonly itemCount: number;
}

/** The inputs of a Map Run's child executions: an item each, or batches of items where the state has an ItemBatcher. */
export async function childInputs(visit: Visit, dataset: Dataset): Promise<ChildInputs> {
  const { items } = dataset;
  const selected: Json[] = [];
  for (const [index, item] of items.entries()) selected.push(await selectItem(visit, dataset.itemAt(index), item));
  const { ItemSelector: selector, ItemBatcher: batcher } = visit.definition;
  if (selector !== undefined) visit.inspect('afterItemSelector', selected);
  const children = batcher ? await batches(visit, batcher, selected) : selected.map((item) => single(item));
  return { children, itemCount: items.length };
}

const single = (item: Json): ChildInput => ({ input: new Payload(item), itemCount: 1 });

async function batches(visit: Visit, batcher: JsonObject, items: readonly Json[]): Promise<ChildInput[]> {
  const { language } = visit.node;
  const size = 'ItemBatcher/MaxItemsPerBatch';
  const bytes = 'ItemBatcher/MaxInputBytesPerBatch';
  const positive = async (field: string, where: string, otherwise: number) => {
    const given = await language.number(visit, batcher, field, where);
    if (given !== undefined && given <= 0) throw visit.runtimeError(`${field} must be positive.`);
    return given ?? otherwise;
  };
  const maxItems = await positive('MaxItemsPerBatch', size, Number.POSITIVE_INFINITY);
  const maxBytes = await positive('MaxInputBytesPerBatch', bytes, maxPayloadBytes);
  const shared =
    batcher.BatchInput === undefined
      ? undefined
      : await language.template(visit, batcher.BatchInput, 'ItemBatcher/BatchInput');
  const build = (batch: Json[]): Payload =>
    new Payload(shared === undefined ? { Items: batch } : { Items: batch, BatchInput: shared });
  const made: ChildInput[] = [];
  const overhead = Buffer.byteLength(build([]).text);
  let batch: Json[] = [];
  let used = overhead;
  const close = () => {
    if (batch.length > 0) made.push({ input: build(batch), itemCount: batch.length });
    batch = [];
    used = overhead;
  };
  for (const item of items) {
    const itemBytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (overhead + itemBytes > maxBytes) {
      throw new StatesError(
        'States.ItemReaderFailed',
        `An item of ${itemBytes} bytes is larger than MaxInputBytesPerBatch (${maxBytes}).`,
      );
    }
    if (batch.length >= maxItems || used + itemBytes > maxBytes) close();
    batch.push(item);
    used += itemBytes;
  }
  close();
  visit.inspect(
    'afterItemBatcher',
    made.map(({ input }) => input.value),
  );
  return made;
}
