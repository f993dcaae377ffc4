import { isNested } from '../component/nested-type.ts';
import { quoted } from '../component/shape.ts';
import type { WriteRequest } from './write-request.ts';

/** Rows that are looked at to tell how many partitions there are, and how often values of a column repeat. */
const sampledRows = 50_000;
/** DuckDB's own row group; a larger one is never asked for. */
const usualRows = 122_880;
/** The fewest that DuckDB takes. */
const leastRows = 2048;

/** DuckDB keeps a dictionary of so many values for each row of a row group. */
const dictionaryShare = 1 / 5;
const leastEntries = 64;
/** By which an estimated count may be wrong. */
const error = 0.25;
/** By which a thread may get fewer rows than others, and a partition. */
const uneven = 1 / 8;
/** What threads hand over last is packed as they go where it is this much of what they hand over else, */
const leastLastShare = 1 / 2;
/** and unless it is little of all, which are handed over in more turns. */
const mostTurns = 4;

export interface RowGroupShape {
  /** Rows of a row group. Absent: DuckDB's own number. */
  readonly rowGroupRows?: number;
  /** Different values beyond which a column is written without a dictionary. Absent: DuckDB's own number. */
  readonly dictionaryEntries?: number;
}

type ShapeRequest = Pick<
  WriteRequest,
  'session' | 'select' | 'partitionBy' | 'sizes' | 'rows' | 'partitions' | 'stored'
>;

/**
 * How files of partitions are best packed. A thread packs and writes the rows of a partition when it has half a row group
 * of them at once; all others DuckDB gathers in memory, and one thread alone packs them at the end. So a row group is made
 * as large as what threads hand over, the last time included: that took 0.6 s instead of 1.0 for a million rows in 28
 * partitions, and keeps the rows of a run out of memory. For a column whose values hardly repeat a dictionary is begun in
 * each row group for nothing, which was a tenth of the time to write; it is given up as soon as it is longer than that of
 * any column which has one in the end.
 */
export async function rowGroupShape(request: ShapeRequest): Promise<RowGroupShape> {
  const { session, sizes, rows } = request;
  if (rows === undefined || sizes?.rowGroupRows !== undefined || sizes?.rowGroupBytes !== undefined) return {};
  const handed = handedRows(rows / session.threads, session.heldRows);
  if (handed <= leastRows / 2) return {};
  const partitions = (await foreseenPartitions(request))!;
  const size = Math.max(leastRows, Math.ceil((2 * handed) / Math.max(1, partitions)));
  const dictionaryEntries = await entriesOf(request, Math.min(size, usualRows));
  return {
    ...(size < usualRows && { rowGroupRows: size }),
    ...(dictionaryEntries !== undefined && { dictionaryEntries }),
  };
}

/**
 * The fewest rows that a thread hands over at once, but for a rest that is no great part of its rows.
 * @param rows of one thread
 * @param held by one thread before it hands them over
 */
function handedRows(rows: number, held: number): number {
  const turns = Math.ceil(rows / held);
  const last = rows - (turns - 1) * held;
  const least = turns <= mostTurns && last >= held * leastLastShare ? last : held;
  return Math.min(rows, least) * (1 - uneven);
}

/** How many partitions there are, as far as the first rows tell; undefined where these are not had before all are. */
export async function foreseenPartitions({
  session,
  select,
  partitionBy,
  rows,
  partitions,
}: ShapeRequest): Promise<number | undefined> {
  if (partitions !== undefined || rows === undefined) return partitions;
  const columns = partitionBy.map(quoted).join(', ');
  const [found] = await session.counts(
    `SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM (SELECT ${columns} FROM (${select}) LIMIT ${sampledRows}))`,
  );
  return found;
}

/**
 * The longest dictionary that a column of a row group needs: none loses the one that it would have had. Undefined where
 * that is not known, or is what DuckDB does anyway. Members of nested columns have dictionaries of their own.
 */
async function entriesOf({ session, select, stored }: ShapeRequest, rowGroupRows: number): Promise<number | undefined> {
  if (!stored || stored.some(({ type }) => isNested(type))) return undefined;
  const most = Math.floor(rowGroupRows * dictionaryShare);
  const different = stored.map(({ name }, place) => `approx_count_distinct(${quoted(name)}) AS different_${place}`);
  const [rows, ...values] = await session.counts(
    `SELECT count(*) AS "all", ${different.join(', ')} FROM (SELECT * FROM (${select}) LIMIT ${Math.min(rowGroupRows, sampledRows)})`,
  );
  const further = Math.max(1, rowGroupRows / Math.max(1, rows!));
  const needed = values.filter((count) => count < most * (1 + error)).map((count) => count * (1 + error) * further);
  const longest = Math.max(leastEntries, ...needed.map(Math.ceil));
  return longest < most ? longest : undefined;
}
