import type { Json } from '../json.ts';
import { type MapItem, stateData } from './map-item.ts';

interface Part {
  /** The place of the first item that does not belong to it any more. */
  readonly end: number;
  readonly source: string;
}

/** The items of a Map, where they came from and, where they are the members of an object, their keys. */
export class Dataset {
  readonly items: readonly Json[];
  readonly #parts: readonly Part[];
  readonly #keys: readonly string[] | undefined;

  private constructor(items: readonly Json[], parts: readonly Part[], keys?: readonly string[]) {
    this.items = items;
    this.#parts = parts;
    this.#keys = keys;
  }

  /** An array's items, or the members of an object. */
  static ofState(value: readonly Json[] | Record<string, Json>): Dataset {
    if (Array.isArray(value)) return new Dataset(value, [{ end: value.length, source: stateData }]);
    const members = Object.entries(value);
    const items = members.map(([Key, Value]) => ({ Key, Value }));
    return new Dataset(items, [{ end: items.length, source: stateData }], Object.keys(value));
  }

  /** Items read from S3, part by part; no more than `limit`, where there is one. */
  static async read(
    parts: AsyncIterable<{ items: readonly Json[]; source: string }>,
    limit?: number,
  ): Promise<Dataset> {
    const items: Json[] = [];
    const ends: Part[] = [];
    for await (const part of parts) {
      for (const item of part.items) {
        if (limit !== undefined && items.length >= limit) break;
        items.push(item);
      }
      if (ends.at(-1)?.source === part.source) ends.pop();
      ends.push({ end: items.length, source: part.source });
      if (limit !== undefined && items.length >= limit) break;
    }
    return new Dataset(items, ends);
  }

  /** `Map.Item` of the context object, for the item at a place. */
  itemAt(index: number): MapItem {
    const key = this.#keys?.[index];
    const value = this.items[index];
    return {
      index,
      value: key === undefined ? value : value.Value,
      source: this.#sourceOf(index),
      ...(key === undefined ? {} : { key }),
    };
  }

  #sourceOf(index: number): string {
    return this.#parts.find(({ end }) => index < end)!.source;
  }
}
