import { isDeepStrictEqual } from 'node:util';
import { renames } from './rename-properties.ts';
import { currentSnapshot, type Snapshot, type TableMetadata } from './table-metadata.ts';

/** How the columns of a state of a table differ from those of the state before it. */
export interface ColumnChanges {
  readonly added: readonly string[];
  /** Older states have them still. */
  readonly gone: readonly string[];
  readonly renamed: readonly Rename[];
  /** One of the added ones and one of those that are gone, of the same type: they may be one column under two names. */
  readonly alike: readonly Rename[];
}

interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Undefined where they are the same, or nobody knows the state before.
 * @param snapshot default: the current one
 */
export function columnChanges(
  table: TableMetadata,
  snapshot: Snapshot | undefined = currentSnapshot(table),
): ColumnChanges | undefined {
  const parent = table.snapshots.find((one) => one['snapshot-id'] === snapshot?.['parent-snapshot-id']);
  if (!snapshot || !parent || parent['schema-id'] === snapshot['schema-id']) return undefined;
  const [before, now] = [parent, snapshot].map((one) =>
    table.schemas.find((schema) => schema['schema-id'] === one['schema-id']),
  );
  if (!before || !now) return undefined;
  const ids = (fields: readonly { readonly id: number }[]) => new Set(fields.map(({ id }) => id));
  const [had, has] = [ids(before.fields), ids(now.fields)];
  const gone = before.fields.filter(({ id }) => !has.has(id));
  const added = now.fields.filter(({ id }) => !had.has(id));
  const renamed = [...renames(before, now)].map(([from, to]) => ({ from, to }));
  if (gone.length + added.length + renamed.length === 0) return undefined;
  const left = [...gone];
  const alike = added.flatMap(({ name, type }) => {
    const at = left.findIndex((field) => isDeepStrictEqual(field.type, type));
    return at < 0 ? [] : left.splice(at, 1).map((field) => ({ from: field.name, to: name }));
  });
  return { added: added.map(({ name }) => name), gone: gone.map(({ name }) => name), renamed, alike };
}
