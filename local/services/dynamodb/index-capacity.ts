import type { ItemChange } from './database.ts';
import { dynaliteDb, type Item } from './dynalite.ts';
import { itemBytes } from './item-size.ts';
import type { TableDescription } from './tables.ts';

/** Write units by index name. */
type IndexUnits = Readonly<Record<string, { readonly CapacityUnits: number }>>;

export interface WrittenIndexes {
  readonly units: number;
  /** For `ReturnConsumedCapacity: INDEXES`; indexes that the write did not touch are left out. */
  readonly members: { readonly GlobalSecondaryIndexes?: IndexUnits; readonly LocalSecondaryIndexes?: IndexUnits };
}

/**
 * What changes of items cost in the indexes of their table: each entry that is put, changed or taken away costs its size,
 * and one whose key changes costs both. `times` is 2 in transactions.
 */
export function writtenIndexes(table: TableDescription, changes: readonly ItemChange[], times = 1): WrittenIndexes {
  let units = 0;
  const unitsOf = (indexes: readonly any[] = []): IndexUnits | undefined => {
    const entries = indexes.flatMap((index) => {
      const sum = changes.reduce((total, change) => total + entryUnits(table, index, change), 0) * times;
      units += sum;
      return sum > 0 ? [[index.IndexName, { CapacityUnits: sum }] as const] : [];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const global = unitsOf(table.GlobalSecondaryIndexes);
  const local = unitsOf(table.LocalSecondaryIndexes);
  const members = { ...(global && { GlobalSecondaryIndexes: global }), ...(local && { LocalSecondaryIndexes: local }) };
  return { units, members };
}

/** The capacity of one write with what its indexes cost. `capacity` is what dynalite found for the table. */
export function withIndexes(capacity: any, mode: unknown, { units, members }: WrittenIndexes): object {
  return {
    ...capacity,
    CapacityUnits: capacity.CapacityUnits + units,
    ...(mode === 'INDEXES' && { Table: { CapacityUnits: capacity.CapacityUnits }, ...members }),
  };
}

function entryUnits(table: TableDescription, index: any, { before, after }: ItemChange): number {
  const old = entryOf(table, index, before);
  const fresh = entryOf(table, index, after);
  if (!old || !fresh || old.key !== fresh.key) return unitsOf(old?.item) + unitsOf(fresh?.item);
  if (JSON.stringify(sorted(old.item)) === JSON.stringify(sorted(fresh.item))) return 0;
  return Math.max(unitsOf(old.item), unitsOf(fresh.item));
}

function entryOf(table: TableDescription, index: any, item: Item | undefined): { key: string; item: Item } | undefined {
  return dynaliteDb.getIndexActions([index], undefined, item, table).puts[0];
}

const defined = (item: Item) => Object.entries(item).filter(([, value]) => value !== undefined);

const sorted = (item: Item) => defined(item).sort(([a], [b]) => (a < b ? -1 : 1));

const unitsOf = (item: Item | undefined) =>
  item ? Math.max(1, Math.ceil(itemBytes(Object.fromEntries(defined(item))) / 1024)) : 0;
