import { elementType } from '../component/column-types.ts';
import { literal } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';
import type { ColumnFacts } from './chunk.ts';
import type { StoredColumn } from './field-ids.ts';
import type { Session } from './session.ts';

/**
 * What the footers of Parquet files say of their columns, by path and column. Columns with others inside are left out:
 * tables skip files by plain values alone.
 */
export async function fileStatistics(
  session: Session,
  paths: readonly string[],
  columns: readonly StoredColumn[],
): Promise<ReadonlyMap<string, Readonly<Record<string, ColumnFacts>>>> {
  const plain = plainColumns(columns);
  if (paths.length === 0 || plain.length === 0) return new Map();
  const facts = plain.map(({ name, type }, index) => {
    const of = `FILTER (WHERE path_in_schema = ${literal(name)})`;
    // A row group of nothing but nulls has no bounds, and needs none; any other without one leaves the file without: of a
    // NaN it has neither, of infinity not the one that it would be.
    const bound = (which: 'min' | 'max') => {
      const stated = `stats_${which}_value`;
      const unknown = `count(*) FILTER (WHERE path_in_schema = ${literal(name)} AND ${stated} IS NULL AND coalesce(stats_null_count, 0) < num_values)`;
      return `CASE WHEN ${unknown} = 0 THEN ${which}(TRY_CAST(${stated} AS ${type})) ${of}::VARCHAR END`;
    };
    return `{bytes: sum(total_compressed_size) ${of}::BIGINT, nulls: sum(stats_null_count) ${of}::BIGINT, min: ${bound('min')}, max: ${bound('max')}} AS column_${index}`;
  });
  const list = `[${paths.map(literal).join(', ')}]`;
  const rows = await session.rows(
    `SELECT file_name, ${facts.join(', ')} FROM parquet_metadata(${list}) GROUP BY file_name`,
  );
  return new Map(
    rows.map((row) => [
      row.file_name as string,
      Object.fromEntries(
        plain.map(({ name, restricted }, index) => [name, factsOf(row[`column_${index}`], restricted)]),
      ),
    ]),
  );
}

/** Columns with none inside. */
export function plainColumns(columns: readonly StoredColumn[]): StoredColumn[] {
  return columns.filter(({ type }) => elementType(type) === undefined && !structFields(type));
}

/** What is known of a column; its bounds stay untold where nobody may read its values beside its rows. */
export function factsOf(
  { bytes, nulls, min, max }: Readonly<Record<string, string | number | null>>,
  restricted = false,
): ColumnFacts {
  return {
    ...(bytes !== null && { bytes: Number(bytes) }),
    ...(nulls !== null && { nulls: Number(nulls) }),
    ...(min !== null && !restricted && { min: String(min) }),
    ...(max !== null && !restricted && { max: String(max) }),
  };
}
