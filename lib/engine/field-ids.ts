import { elementType } from '../component/column-types.ts';
import { fieldId } from '../component/field-id.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';

export interface StoredColumn {
  readonly name: string;
  /** As it is stored. */
  readonly type: string;
  /** True where nobody may read values of the column beside its rows, bounds included. Absent: they may. */
  readonly restricted?: boolean;
}

/** SQL of the option of COPY that gives each column of a Parquet file its id, those within others included. */
export function fieldIds(columns: readonly StoredColumn[]): string {
  return `FIELD_IDS {${columns.map((column) => member([], column)).join(', ')}}`;
}

function member(outer: readonly string[], { name, type }: StoredColumn): string {
  const path = [...outer, name];
  const element = elementType(type);
  const inner = element === undefined ? structFields(type) : [{ name: 'element', type: element }];
  const id = fieldId(path, type);
  if (!inner) return `${quoted(name)}: ${id}`;
  const members = inner.map((one) => member(path, one));
  return `${quoted(name)}: {__duckdb_field_id: ${id}, ${members.join(', ')}}`;
}
