import { literal } from '../../component/shape.ts';

/**
 * SQL of the rows of Parquet files that hold one table, as it stands behind FROM.
 * @param differ true where the files may have been written with other columns: DuckDB then keeps the footers of all of
 * them, a quarter of a gigabyte of a thousand. Default false: those of a run are alike
 */
export function rowsOfFiles(paths: readonly string[], { differ = false }: { readonly differ?: boolean } = {}): string {
  const union = differ ? ', union_by_name = true' : '';
  return `read_parquet([${paths.map(literal).join(', ')}]${union}, hive_partitioning = false)`;
}
