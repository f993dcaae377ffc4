import { createHash } from 'node:crypto';
import { elementType } from './column-types.ts';
import { structFields } from './struct-type.ts';

/** Ids below it leave room above for columns that other writers add to a table. */
const ids = 2 ** 30;

/** The id of a column, with those of what is inside of it. */
export interface FieldIds {
  readonly id: number;
  /** By name, `element` for what is in a list. Absent: nothing is inside. */
  readonly within?: Readonly<Record<string, FieldIds>>;
}

/** A column of a table as its files hold it. */
export interface TableColumn {
  /** What the table calls it now; older files may name it otherwise. */
  readonly name: string;
  /** Of DuckDB. */
  readonly type: string;
  readonly ids: FieldIds;
}

/**
 * The id of a column in table files and table metadata. It follows from the column's name and the family of its type
 * alone, so files that know nothing of each other agree on it: a column keeps its id for ever, also where its type is
 * widened, and gets another one where its type becomes one that older files cannot be read with. A column that was renamed
 * keeps the id of the name that it began with.
 * @param path names from the column inwards, e.g. `['address', 'city']`; `element` for what is in a list
 * @param type as it is stored, in DuckDB's spelling
 */
export function fieldId(path: readonly string[], type: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([...path, familyOf(type)]))
    .digest();
  return 1 + (digest.readUInt32LE() % (ids - 1));
}

/** The same with the ids of what is inside. */
export function fieldIds(path: readonly string[], type: string): FieldIds {
  const id = fieldId(path, type);
  const inner = membersOf(type)?.map((member) => [member.name, fieldIds([...path, member.name], member.type)] as const);
  return inner ? { id, within: Object.fromEntries(inner) } : { id };
}

/** What is inside of a type; undefined where nothing is. */
export function membersOf(type: string): readonly { readonly name: string; readonly type: string }[] | undefined {
  const element = elementType(type);
  return element === undefined ? structFields(type) : [{ name: 'element', type: element }];
}

/** Types between which tables may be widened have one name. */
function familyOf(type: string): string {
  if (elementType(type) !== undefined) return 'list';
  if (structFields(type)) return 'struct';
  if (type === 'INTEGER' || type === 'BIGINT') return 'integer';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
  return type.replace(/^DECIMAL\(\d+,/, 'DECIMAL(');
}
