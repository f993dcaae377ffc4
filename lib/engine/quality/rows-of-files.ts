import { literal } from '../../component/shape.ts';

/** SQL of the rows of Parquet files that hold one table, as it stands behind FROM. */
export function rowsOfFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}
