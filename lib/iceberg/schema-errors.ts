import type { FieldType, TableField } from '../component/table-type.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { nearest } from '../core/nearest.ts';
import { sqlType } from './column-type.ts';

/** The rows of a run do not fit into a table that is there. */
export class TableSchemaError extends TerminalError {
  override readonly name = 'TableSchemaError';
  readonly code = 'TABLE_SCHEMA_UNFIT';
}

export function unfit(name: string, before: FieldType, now: FieldType): TableSchemaError {
  if (hasMembers(before) && hasMembers(now))
    return new TableSchemaError({
      problem: `the members of "${name}" are others in the table: ${said(before)}`,
      received: said(now),
      allowed: 'the same members, of the same names and types',
      change: `give "${name}" the members that it had (struct_pack, with NULL for one that is gone) and new ones columns of their own, call it otherwise, so that it is a new column beside the old one, or replace the table`,
    });
  return new TableSchemaError({
    problem: `the column "${name}" is ${said(before)} in the table`,
    received: said(now),
    allowed: 'the same type, or a wider one: int to long, float to double, a decimal with more digits',
    change: `cast "${name}" to the table's type, give the column another name, or replace the table`,
  });
}

/** @param earlier what the table's column was called before. Absent: never otherwise */
export function otherId({ id, name }: TableField, now: number, earlier: string | undefined): TableSchemaError {
  if (earlier !== undefined)
    return new TableSchemaError({
      problem: `the column "${name}" of the table was called "${earlier}" before, and the run knows nothing of that`,
      received: `the column "${name}" without its old name`,
      allowed: `the column "${name}" with its old name, as long as the table is there`,
      change: `give the sink \`renamed: { ${JSON.stringify(name)}: ${JSON.stringify(earlier)} }\`, or give the column another name`,
    });
  return new TableSchemaError({
    problem: `another writer has added the column "${name}" to the table, under an id that the files of the run do not have`,
    received: now,
    allowed: id,
    change: 'give the column another name, here or in the table, or replace the table',
  });
}

/** Two columns would have one id. */
export function sameId(id: number, columns: readonly { readonly name: string }[]): TableSchemaError {
  const names = columns.map(({ name }) => `"${name}"`).join(' and ');
  return new TableSchemaError({
    problem: `the columns ${names} have the same id in the files of the table`,
    received: id,
    allowed: 'another id for each column',
    change: `give one of ${names} another name`,
  });
}

/** The table has the old name since the run has begun. */
export function tooEarly(name: string, old: string): TableSchemaError {
  return new TableSchemaError({
    problem: `another run has given the table its column "${old}" while this one was on its way, so that "${name}" would be a new column beside it`,
    received: `"${name}", renamed from "${old}"`,
    allowed: 'a run that began when the table had the column',
    change: 'start the run again',
  });
}

/** Neither the new name nor the old one is in the table. */
export function neverCalled(name: string, old: string, fields: readonly TableField[]): TableSchemaError {
  const names = fields.map((field) => field.name);
  const guess = nearest(old, names);
  return new TableSchemaError({
    problem: `the table has no column "${old}" that could be called "${name}" from now on`,
    received: old,
    allowed: names,
    change: guess ? `did you mean "${guess}"?` : `name a column of the table, or take "${name}" out of \`renamed\``,
  });
}

/** Both names are columns of the table, each with rows of its own. */
export function thereAlready(name: string, old: string): TableSchemaError {
  return new TableSchemaError({
    problem: `the table has a column "${name}" already, beside what was published as "${old}"`,
    received: `"${name}", renamed from "${old}"`,
    allowed:
      'a name that no column of the table has, or that of a column that is renamed as well, or goes while no column of the run has the old name',
    change: `roll the table back to where "${name}" was not there yet; or publish once without "${name}", so that it leaves the table; or take it out of \`renamed\``,
  });
}

/** Whether the column that is called `old` now, which was called `older`, is meant cannot be told. */
export function calledTwice(name: string, old: string, older: string): TableSchemaError {
  return new TableSchemaError({
    problem: `the column "${old}" was called "${older}" and is to be called "${name}", and yet it is to be there under the name "${old}"`,
    received: `"${name}", renamed from "${old}", and "${old}", renamed from "${older}"`,
    allowed: 'one name of now for each column of the table',
    change: `take "${old}" out of \`renamed\`, where it is another column now; columns that swap their names for a second time need a name in between`,
  });
}

/** Files that other writers have brought name their columns, and names have changed. */
export function withoutIds(name: string): TableSchemaError {
  return new TableSchemaError({
    problem: `another writer has added files without ids of columns to the table, so which column they call "${name}" is not known here`,
    received: `"${name}", the name of another column once, or of a column that has another one now`,
    allowed: 'files whose columns have ids, or names that never changed',
    change: 'let the writer that added the files write them anew, or replace the table',
  });
}

function hasMembers(type: FieldType): boolean {
  if (typeof type === 'string') return false;
  return type.type === 'struct' || hasMembers(type.element);
}

function said(type: FieldType): string {
  return typeof type === 'string' ? type : sqlType(type);
}
