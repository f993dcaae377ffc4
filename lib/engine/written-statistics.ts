import { literal, quoted } from '../component/shape.ts';
import type { ColumnFacts } from './chunk.ts';
import type { StoredColumn } from './field-ids.ts';
import { factsOf, fileStatistics, plainColumns } from './file-statistics.ts';
import type { Session } from './session.ts';

interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
}

/** A file as COPY tells of it with `RETURN_STATS`. The names are DuckDB's. */
export interface ToldFile {
  readonly filename: string;
  readonly column_statistics: readonly Entry<readonly Entry<string>[]>[];
}

/** Types whose bounds COPY tells as they would be read from the footer. */
const alike =
  /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|VARCHAR|DATE|TIME|TIMESTAMP( WITH TIME ZONE)?|UUID|BOOLEAN)$/;
const floating = /^(FLOAT|DOUBLE)$/;

/** Whether a fraction is none that a bound can be. */
const endless = /^-?inf/;

/**
 * What the footers of files that were just written say of their columns, by path and column. What COPY told of a file
 * need not be read from it: that took a fifth of a second for thirty files of sixteen columns.
 * @param told files of which some may have been written again since, under other names
 */
export async function writtenStatistics(
  session: Session,
  paths: readonly string[],
  { columns, told }: { readonly columns: readonly StoredColumn[]; readonly told: readonly ToldFile[] },
): Promise<ReadonlyMap<string, Readonly<Record<string, ColumnFacts>>>> {
  const plain = plainColumns(columns);
  const known = new Map(told.map((file) => [file.filename, factsTold(file)]));
  const isKnown = (path: string) => {
    const facts = known.get(path);
    return (
      facts !== undefined && plain.every(({ name, type }) => alike.test(type) && isComplete(facts.get(quoted(name))))
    );
  };
  const { here = [], read = [] } = Object.groupBy(paths, (path) => (isKnown(path) ? 'here' : 'read'));
  const unbounded = plain.some(({ type }) => floating.test(type)) ? await unboundedColumns(session, here) : new Set();
  const all = new Map(await fileStatistics(session, read, columns));
  for (const path of here) {
    const facts = plain.map(({ name, type, restricted }) => {
      const of = known.get(path)!.get(quoted(name))!;
      const bound = (value: string | undefined) => {
        if (value === undefined || (floating.test(type) && endless.test(value))) return null;
        return type === 'BOOLEAN' ? String(value === '1') : value;
      };
      const [min, max] = unbounded.has(`${path} ${name}`) ? [null, null] : [bound(of.min), bound(of.max)];
      return [name, factsOf({ bytes: of.column_size_bytes!, nulls: of.null_count!, min, max }, restricted)] as const;
    });
    all.set(path, Object.fromEntries(facts));
  }
  return all;
}

type Told = Readonly<Partial<Record<string, string>>>;

function factsTold({ column_statistics: statistics }: ToldFile): ReadonlyMap<string, Told> {
  return new Map(
    statistics.map((column) => [column.key, Object.fromEntries(column.value.map(({ key, value }) => [key, value]))]),
  );
}

/** Of a file with a row group of nothing but nulls COPY tells no bounds. */
function isComplete(told: Told | undefined): boolean {
  if (told?.column_size_bytes === undefined || told.null_count === undefined) return false;
  return told.min !== undefined || told.null_count === told.num_values;
}

/** Columns by path and name, of which a row group has no bounds for a NaN: COPY tells the bounds of the others. */
async function unboundedColumns(session: Session, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const list = `[${paths.map(literal).join(', ')}]`;
  const rows = await session.rows(
    `SELECT DISTINCT file_name, path_in_schema FROM parquet_metadata(${list}) WHERE stats_min_value IS NULL AND stats_max_value IS NULL AND coalesce(stats_null_count, 0) < num_values`,
  );
  return new Set(rows.map((row) => `${row.file_name} ${row.path_in_schema}`));
}
