import { isDeepStrictEqual } from 'node:util';
import { type FieldIds, fieldId, fieldIds } from '../component/field-id.ts';
import { type TableField, tableType } from '../component/table-type.ts';
import { idsOf } from './column-type.ts';
import { nameBefore, type SchemaHistory, type StoredColumn, widens } from './evolve-schema.ts';
import { calledTwice, neverCalled, thereAlready, unfit } from './schema-errors.ts';

/**
 * The ids that files of a table are to be written with, where columns have been renamed, or are to be: those of the columns
 * whose ids do not follow from their names. A rename that was done already stays done.
 * @param columns of the files
 * @param renamed new name → old name
 * Throws `TableSchemaError` where no column has the old name, or another one the new one that is not to go.
 */
export function columnIds(
  history: SchemaHistory,
  columns: readonly Omit<StoredColumn, 'nullable'>[],
  renamed: Readonly<Record<string, string>>,
): Readonly<Record<string, FieldIds>> {
  const table = new Names(history);
  const taken = new Map<string, FieldIds>();
  const entries = columns.flatMap(({ name, type }) =>
    Object.hasOwn(renamed, name) ? [{ name, type, old: renamed[name]! }] : [],
  );
  const own = new Set(columns.map(({ name }) => name));
  const done = new Set(entries.filter(({ name, old }) => table.isDone(name, old)).map(({ name }) => name));
  for (const { name, type, old } of entries) {
    if (!done.has(name) && done.has(old)) throw calledTwice(name, old, renamed[old]!);
    const field = done.has(name)
      ? table.now(name)
      : table.source({ name, old }, { own, renamedAway: Object.values(renamed) });
    if (!field) continue;
    const ids = idsOf(field);
    if (!fits(type, field, ids)) throw unfit(name, field.type, tableType(type, fieldIds([name], type)));
    taken.set(name, ids);
  }
  const claimed = new Set([...taken.values()].map(({ id }) => id));
  for (const { name, type } of columns) {
    if (taken.has(name)) continue;
    const ids = idsOfOwn(table, { name, type }, claimed);
    taken.set(name, ids);
    claimed.add(ids.id);
  }
  const others = columns.filter(({ name, type }) => taken.get(name)!.id !== fieldId([name], type));
  return Object.fromEntries(others.map(({ name }) => [name, taken.get(name)!]));
}

/** Of a column that is not renamed: those that it has, or new ones where another column began with its name. */
function idsOfOwn(
  table: Names,
  { name, type }: Pick<StoredColumn, 'name' | 'type'>,
  claimed: ReadonlySet<number>,
): FieldIds {
  const own = table.now(name);
  if (own && !claimed.has(own.id) && fits(type, own, idsOf(own))) return idsOf(own);
  let ids = fieldIds([name], type);
  for (let again = 2; claimed.has(ids.id) || table.hasOtherwise(ids.id, name); again++)
    ids = fieldIds([`${name} (${again})`], type);
  return ids;
}

/** Whether files with the ids can hold the type beside those that are there. */
function fits(type: string, field: TableField, ids: FieldIds): boolean {
  if (typeof field.type !== 'string') {
    // Ids of other members would be missing.
    const own = fieldIds([], type);
    return sameForm(own, ids) && isDeepStrictEqual(tableType(type, ids), field.type);
  }
  const wanted = tableType(type, fieldIds([], type));
  return isDeepStrictEqual(wanted, field.type) || widens(wanted, field.type) || widens(field.type, wanted);
}

function sameForm({ within: one = {} }: FieldIds, { within: other = {} }: FieldIds): boolean {
  const names = Object.keys(one);
  return (
    isDeepStrictEqual(names.toSorted(), Object.keys(other).toSorted()) &&
    names.every((name) => sameForm(one[name]!, other[name]!))
  );
}

interface Entry {
  readonly name: string;
  readonly old: string;
}

interface Entries {
  /** Names of the columns of the run. */
  readonly own: ReadonlySet<string>;
  /** Old names of all entries. */
  readonly renamedAway: readonly string[];
}

/** What a table calls its columns, and has called them. */
class Names {
  readonly #history: SchemaHistory;
  readonly #fields: readonly TableField[];

  constructor(history: SchemaHistory) {
    this.#history = history;
    this.#fields = history.schemas.find((schema) => schema['schema-id'] === history['current-schema-id'])!.fields;
  }

  now(name: string): TableField | undefined {
    return this.#fields.find((field) => field.name === name);
  }

  /** Whether the column of the new name got it in the place of the old one. */
  isDone(name: string, old: string): boolean {
    const own = this.now(name);
    return own !== undefined && nameBefore(this.#history, own) === old;
  }

  /**
   * The column that is to have the new name, or has it. Undefined where the table never knew the old one. Another column of
   * the new name makes room for it: it is renamed as well, or goes, as the run has no column of the old name beside it.
   */
  source({ name, old }: Entry, { own, renamedAway }: Entries): TableField | undefined {
    const now = this.now(name);
    const from = this.now(old) ?? this.#last(old);
    const makesRoom = this.now(old) !== undefined && (renamedAway.includes(name) || !own.has(old));
    if (now && from && now.id !== from.id && !makesRoom) throw thereAlready(name, old);
    if (!now && !from) throw neverCalled(name, old, this.#fields);
    return from ?? now;
  }

  /** Whether an id belongs to a column that was called otherwise last. */
  hasOtherwise(id: number, name: string): boolean {
    const last = this.#all().findLast((field) => field.id === id);
    return last !== undefined && last.name !== name;
  }

  /** A column that is not there any more under this name, or at all. */
  #last(name: string): TableField | undefined {
    const found = this.#all().findLast((field) => field.name === name);
    return found && (this.#fields.find(({ id }) => id === found.id) ?? found);
  }

  /** Of all schemas, the current one last. */
  #all(): readonly TableField[] {
    return [...this.#history.schemas.flatMap(({ fields }) => fields), ...this.#fields];
  }
}
