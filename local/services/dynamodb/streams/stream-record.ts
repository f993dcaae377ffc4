import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ItemChange, WriteOrigin } from '../database.ts';
import type { Item } from '../dynalite.ts';
import { itemBytes } from '../item-size.ts';
import type { TableDescription } from '../tables.ts';

/** A change of an item as the database keeps it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sequence: string;
  readonly Keys: Item;
  readonly NewImage?: Item;
  readonly OldImage?: Item;
  readonly SizeBytes: number;
  readonly origin: WriteOrigin;
}

/** The record of a change, with the images that the view asks for; undefined where nothing has changed. */
export function streamRecord(
  table: TableDescription,
  view: string,
  { before, after }: ItemChange,
  stamp: { readonly at: number; readonly sequence: string; readonly origin: WriteOrigin },
): StreamRecord | undefined {
  const item = after ?? before;
  if (!item || isDeepStrictEqual(before, after)) return undefined;
  const Keys = Object.fromEntries(table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
  const images = {
    ...(after && (view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { NewImage: after }),
    ...(before && (view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { OldImage: before }),
  };
  return {
    eventID: randomUUID().replaceAll('-', ''),
    eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
    ...stamp,
    Keys,
    ...images,
    SizeBytes: [Keys, ...Object.values(images)].reduce((sum, image) => sum + itemBytes(image), 0),
  };
}
