import { readItems } from '../../../states/item-reader/read-items.ts';
import type { JsonObject } from '../../../states/json.ts';
import { childInputs } from '../../../states/map/child-inputs.ts';
import type { Dataset } from '../../../states/map/dataset.ts';
import { isDistributed } from '../../../states/map/is-distributed.ts';
import { mapFields } from '../../../states/map/map-fields.ts';
import type { Visit } from '../../../states/visit.ts';

/** Makes of a tested Map's items what its iterations would get, so that the test can show it. */
export async function inspectItems(visit: Visit, configuration: JsonObject): Promise<void> {
  const dataset = await datasetOf(visit, configuration);
  if (dataset) await childInputs(visit, dataset);
}

/** What an ItemReader would read is given with the test; where it is not, nobody knows the items. */
async function datasetOf(visit: Visit, { mapItemReaderData }: JsonObject): Promise<Dataset | undefined> {
  const { ItemReader: reader } = visit.definition;
  if (!reader) return mapFields.items(visit, { members: isDistributed(visit.definition) });
  if (mapItemReaderData === undefined) return undefined;
  const dataset = await readItems(visit, reader);
  if (reader.ReaderConfig?.ItemsPointer !== undefined) visit.inspect('afterItemsPointer', dataset.items);
  return dataset;
}
