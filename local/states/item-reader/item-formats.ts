import { gunzipSync } from 'node:zlib';
import type { ObjectAccess } from '../environment.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ServiceResource } from '../resource.ts';
import { readCsv } from './csv.ts';
import { readManifest } from './manifest.ts';
import { atPointer, itemReaderError } from './read-items.ts';

export interface ItemSource {
  readonly config: JsonObject;
  readonly parameters: JsonObject;
  readonly objects: ObjectAccess;
  readonly resource: ServiceResource;
}

type ItemFormat = (body: Buffer, source: ItemSource) => Json | Promise<Json>;

/** How the bytes of an object become items, by ReaderConfig's InputType. */
export const itemFormats: Readonly<Record<string, ItemFormat>> = {
  JSON: (body, { config }) => {
    const value = parse(text(body));
    return config.ItemsPointer === undefined ? value : atPointer(value, config.ItemsPointer);
  },
  JSONL: (body) => lines(text(body)).map(parse),
  CSV: (body, { config }) => readCsv(text(body), config),
  MANIFEST: (body, source) => readManifest(body, source),
};

/** The text of an object that may be compressed. */
export function text(body: Buffer): string {
  const plain = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
  return plain.toString('utf8').replace(/^\uFEFF/, '');
}

const lines = (content: string) => content.split('\n').filter((line) => line.trim() !== '');

function parse(content: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    throw itemReaderError('Attempting to map over non-iterable node.');
  }
}
