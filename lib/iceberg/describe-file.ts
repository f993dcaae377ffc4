import { lowerBound, upperBound } from './bounds.ts';
import type { ColumnStatistics, DataFile } from './data-file.ts';
import { parseValue } from './parse-value.ts';
import { type PartitionSpec, partitionTypes } from './partition-spec.ts';
import type { TableSchema } from './schema.ts';
import { TableSchemaError } from './schema-errors.ts';
import type { TableValue } from './table-value.ts';

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
  const types = partitionTypes(spec, { schemas: [], schema });
  return {
    path: file.path,
    rows: file.rows,
    bytes: file.bytes,
    partition: file.partition.map((text, index) => (text === null ? null : partitionValue(types[index]!, text))),
    columns: new Map(
      schema.fields.flatMap(({ id, name, type }) => {
        const column = file.columns[name];
        return column && typeof type === 'string' ? [[id, statisticsOf(type, column, file.rows)]] : [];
      }),
    ),
  };
}

/** Throws `TableSchemaError`: rows of another value must not go under none. */
function partitionValue(type: string, text: string): TableValue {
  const value = parseValue(type, text);
  if (value !== undefined) return value;
  throw new TableSchemaError({
    problem: 'files of a table cannot be laid out by such a value',
    received: `${text} (${type})`,
    allowed: 'values of plain types but BLOB, dates and times of the years 1 to 9999',
    change: 'partition the table by another column, or by an expression that gives other values',
  });
}

function statisticsOf(type: string, column: WrittenColumn, rows: number): ColumnStatistics {
  const [min, max] = [column.min, column.max].map((text) => {
    const value = text === undefined ? undefined : parseValue(type, text);
    // Beside a NaN or infinity, what is told of a column need not hold for all of its values.
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
  });
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
