import { elementType } from '../component/column-types.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';

/** Types that Parquet files of a table hold as they are. */
const asTheyAre =
  /^(BOOLEAN|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|BLOB|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE|UUID)$/;

/**
 * Types that become another one without loss. Parquet has no 128-bit integer, and DuckDB would write a DOUBLE in its
 * place: rounded, in silence. Tables know no integers below 32 bits and none without a sign.
 */
const widened: Readonly<Record<string, string>> = {
  TINYINT: 'INTEGER',
  SMALLINT: 'INTEGER',
  UTINYINT: 'INTEGER',
  USMALLINT: 'INTEGER',
  UINTEGER: 'BIGINT',
  UBIGINT: 'DECIMAL(20,0)',
  HUGEINT: 'DECIMAL(38,0)',
  UHUGEINT: 'DECIMAL(38,0)',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
  JSON: 'VARCHAR',
};

/** They in words, for messages. */
export const storableTypes =
  'numbers, text, booleans, dates, times, timestamps, UUID and BLOB, and lists and structures of them';

/** The type in which a column is stored, or undefined where it cannot be without loss. */
export function storableType(type: string): string | undefined {
  if (asTheyAre.test(type)) return type;
  const element = elementType(type);
  if (element !== undefined) {
    const stored = storableType(element);
    // Parquet and tables know no lists of a fixed length.
    return stored === element && type.endsWith('[]') ? type : stored && `${stored}[]`;
  }
  return structFields(type) ? storableStruct(type) : widened[type];
}

function storableStruct(type: string): string | undefined {
  const members = structFields(type)!.map(({ name, type: of }) => ({ name, of, stored: storableType(of) }));
  if (members.some(({ stored }) => stored === undefined)) return undefined;
  if (members.every(({ of, stored }) => of === stored)) return type;
  return `STRUCT(${members.map(({ name, stored }) => `${quoted(name)} ${stored}`).join(', ')})`;
}
