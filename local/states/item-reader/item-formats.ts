import type { Clock } from '../../../lib/core/clock.ts';
import type { ObjectAccess } from '../environment.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ServiceResource } from '../resource.ts';
import { readCsv } from './csv.ts';
import { readInventory } from './inventory.ts';
import { itemReaderError } from './item-reader-error.ts';
import { text } from './object-text.ts';
import { readParquet } from './parquet.ts';
import { atPointer } from './pointer.ts';

export interface ItemSource {
  readonly config: JsonObject;
  readonly parameters: JsonObject;
  readonly objects: ObjectAccess;
  readonly resource: ServiceResource;
  readonly clock: Clock;
}

type ItemFormat = (body: Buffer, source: ItemSource) => Json | Promise<Json>;

/** How the bytes of an object become items, by ReaderConfig's InputType. */
const itemFormats: Readonly<Record<string, ItemFormat>> = {
  JSON: (body, { config }) => {
    const value = parse(text(body));
    return config.ItemsPointer === undefined ? value : atPointer(value, config.ItemsPointer);
  },
  JSONL: (body) => lines(text(body)).map(parse),
  CSV: (body, { config }) => readCsv(text(body), config),
  PARQUET: (body, { clock }) => readParquet(body, clock),
  MANIFEST: (body, source) => readInventory(body, source),
};

/** The items in an object of the configured type. */
export async function readFormat(body: Buffer, source: ItemSource): Promise<Json[]> {
  const { InputType: type } = source.config;
  const format = itemFormats[type as string];
  if (!format) throw itemReaderError(`The input type '${type}' is not supported.`);
  const items = await format(body, source);
  if (!Array.isArray(items)) throw itemReaderError('Attempting to map over non-iterable node.');
  return items;
}

const lines = (content: string) => content.split('\n').filter((line) => line.trim() !== '');

function parse(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    throw itemReaderError('Attempting to map over non-iterable node.');
  }
}
