import type { Json, JsonObject } from '../json.ts';

/** One item of a Map. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
  /** Only where the items are the members of an object. */
  readonly key?: string;
  /** `STATE_DATA`, or the address of what it was read from in S3. */
  readonly source: string;
}

/** What the context object calls the source of items that come from the state's own data. */
export const stateData = 'STATE_DATA';

/** `Map` of the context object. */
export const mapContext = ({ index, key, value, source }: MapItem): JsonObject => ({
  Item: { Index: index, ...(key === undefined ? {} : { Key: key }), Value: value, Source: source },
});
