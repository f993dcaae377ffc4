import { fieldIds } from '../component/field-id.ts';
import type { FileSizes } from '../component/output-file.ts';
import type { Column } from '../component/plan.ts';
import { literal, type Order, quoted } from '../component/shape.ts';
import { type TableField, tableType } from '../component/table-type.ts';
import type { OutputFile } from './chunk.ts';
import { fieldIdsSql, type StoredColumn } from './field-ids.ts';
import type { Session } from './session.ts';

export interface WriteRequest {
  readonly session: Session;
  /** SQL of the rows. */
  readonly select: string;
  readonly kind: OutputFile['kind'];
  readonly of: string;
  /** Empty folder for the files. */
  readonly folder: string;
  /** File name without ending, the same whenever the chunk is repeated. */
  readonly name: string;
  readonly partitionBy: readonly string[];
  /** How many there are, at the most. Absent: it is not known, or the first rows come no sooner than all of them. */
  readonly rows?: number;
  /** How many combinations of partition values there are, at the most. Absent: it is not known. */
  readonly partitions?: number;
  /** SQL of those of them that are no columns of the rows, by name. Absent: all are. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** Of the rows in each file. Absent: any. */
  readonly order?: readonly Order[] | undefined;
  /** What decides between rows that are equal in that order, by columns that need not be written. Absent: nothing. */
  readonly ties?: readonly Order[];
  /** Absent: one file, or one for each combination of partition values, with row groups as DuckDB makes them. */
  readonly sizes?: FileSizes;
  /** True where the file takes the place of others for long: it is packed tighter. Absent: as fast as zstd can. */
  readonly lasting?: true;
  /** Kept in the file beside the rows. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Columns whose days and times must be of years from 1 to 9999. Absent: none must. */
  readonly calendar?: readonly Pick<Column, 'name' | 'type'>[];
  /** Columns of a table's file, which get their ids and are told of in the answer. Absent: the file is of no table. */
  readonly stored?: readonly StoredColumn[];
}

/** By what a file says its columns to readers of tables that look for it there, beside their ids. */
const schemaKey = 'iceberg.schema';

function tableSchema(stored: readonly StoredColumn[]): string {
  const fields = stored.map(({ name, type, ids = fieldIds([name], type) }): TableField => {
    return { id: ids.id, name, required: false, type: tableType(type, ids) };
  });
  return JSON.stringify({ type: 'struct', 'schema-id': 0, fields });
}

/**
 * Options of a COPY to Parquet. zstd's first level makes files 8 % larger than its third, and a million orders in 28
 * partitions are written in 0.61 s instead of 0.71; filters of values would cost a twentieth more.
 * @param dictionaryEntries different values beyond which a column has no dictionary; default: a fifth of a row group's rows
 */
export function parquetOptions({
  session,
  lasting,
  metadata,
  sizes,
  stored,
  dictionaryEntries,
}: Pick<WriteRequest, 'session' | 'lasting' | 'metadata' | 'sizes' | 'stored'> & {
  readonly dictionaryEntries?: number | undefined;
}): string {
  const all = { ...metadata, ...(stored && { [schemaKey]: tableSchema(stored) }) };
  const pairs = Object.entries(all).map(([key, value]) => `${literal(key)}: ${literal(value)}`);
  const kept = pairs.length > 0 ? `, KV_METADATA {${pairs.join(', ')}}` : '';
  const size = session.rowGroupBytes === undefined ? '' : `, ROW_GROUP_SIZE_BYTES ${session.rowGroupBytes}`;
  const rows = sizes?.rowGroupRows === undefined ? '' : `, ROW_GROUP_SIZE ${sizes.rowGroupRows}`;
  // What takes longer to write pays where a file is read for long.
  const level = lasting ? '' : ', COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false';
  const entries = dictionaryEntries === undefined ? '' : `, DICTIONARY_SIZE_LIMIT ${dictionaryEntries}`;
  const ids = stored ? `, ${fieldIdsSql(stored)}` : '';
  return `FORMAT parquet, COMPRESSION zstd${level}, RETURN_STATS true${rows}${size}${entries}${kept}${ids}`;
}

/** SQL that puts rows in the order of a file; empty where any will do. */
export function orderSql({ order = [] }: Pick<WriteRequest, 'order'>): string {
  const columns = order.map(({ column, descending }) => `${quoted(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  return columns.length > 0 ? ` ORDER BY ${columns.join(', ')}` : '';
}
