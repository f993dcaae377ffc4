import { lowerBound, upperBound } from './bounds.ts';
import type { ColumnStatistics, DataFile } from './data-file.ts';
import { parseValue } from './parse-value.ts';
import { type PartitionSpec, partitionTypes } from './partition-spec.ts';
import type { TableSchema } from './schema.ts';

/** A Parquet file, with values as DuckDB prints them. */
export interface WrittenFile {
  /** URI. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** In the order of the partition spec. */
  readonly partition: readonly (string | null)[];
  /** By column name. */
  readonly columns: Readonly<Record<string, WrittenColumn>>;
}

export interface WrittenColumn {
  readonly bytes?: number;
  readonly nulls?: number;
  readonly hasNans?: boolean;
  /** Absent where the column holds nothing but nulls. */
  readonly min?: string;
  readonly max?: string;
}

/** What a manifest says of a file. */
export function describeFile(file: WrittenFile, schema: TableSchema, spec: PartitionSpec): DataFile {
  const types = partitionTypes(spec, [schema]);
  return {
    path: file.path,
    rows: file.rows,
    bytes: file.bytes,
    partition: file.partition.map((text, index) => (text === null ? null : (parseValue(types[index]!, text) ?? null))),
    columns: new Map(
      schema.fields.flatMap(({ id, name, type }) => {
        const column = file.columns[name];
        return column ? [[id, statisticsOf(type, column, file.rows)]] : [];
      }),
    ),
  };
}

function statisticsOf(type: string, column: WrittenColumn, rows: number): ColumnStatistics {
  const [min, max] = [column.min, column.max].map((text) => (text === undefined ? undefined : parseValue(type, text)));
  return {
    bytes: column.bytes,
    values: rows,
    nulls: column.nulls,
    // How many there are DuckDB does not count; that there are none it knows.
    nans: /^(float|double)$/.test(type) && column.hasNans === false ? 0 : undefined,
    lower: min === undefined ? undefined : lowerBound(type, min),
    upper: max === undefined ? undefined : upperBound(type, max),
  };
}
