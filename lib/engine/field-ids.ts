import { type FieldIds, fieldIds, membersOf } from '../component/field-id.ts';
import { quoted } from '../component/shape.ts';

export interface StoredColumn {
  readonly name: string;
  /** As it is stored. */
  readonly type: string;
  /** True where nobody may read values of the column beside its rows, bounds included. Absent: they may. */
  readonly restricted?: boolean;
  /** Absent: those that follow from its name. */
  readonly ids?: FieldIds;
}

/** SQL of the option of COPY that gives each column of a Parquet file its id, those within others included. */
export function fieldIdsSql(columns: readonly StoredColumn[]): string {
  const members = columns.map(({ name, type, ids = fieldIds([name], type) }) => memberSql(name, type, ids));
  return `FIELD_IDS {${members.join(', ')}}`;
}

function memberSql(name: string, type: string, { id, within }: FieldIds): string {
  const inner = membersOf(type);
  if (!inner || !within) return `${quoted(name)}: ${id}`;
  const members = inner.map((one) => memberSql(one.name, one.type, within[one.name]!));
  return `${quoted(name)}: {__duckdb_field_id: ${id}, ${members.join(', ')}}`;
}
