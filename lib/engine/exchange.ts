import type { Column, Exchange } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import { weightColumn } from './aggregates/group-query.ts';
import type { InputFile, OutputFile } from './chunk.ts';
import { hotKeys } from './hot-keys.ts';
import { mergedRows, partitionColumn, rangedRows, travellingRows } from './outgoing-rows.ts';
import { cutRanges, inRange } from './ranges.ts';
import type { FileNames } from './rejects.ts';
import { copyColumn, type Relation, relationName, rowColumn } from './relation.ts';
import type { Session } from './session.ts';
import { writeParquet } from './write.ts';

/** Under this name the files of an exchange keep the names of the source files that their rows come from. */
const filesKey = 'files';

/** The names that the files were written with. */
export async function fileNames(session: Session, files: readonly InputFile[]): Promise<FileNames[]> {
  if (files.length === 0) return [];
  const list = files.map((file) => literal(file.path)).join(', ');
  const found = await session.rows(
    `SELECT DISTINCT decode(value) AS names FROM parquet_kv_metadata([${list}]) WHERE decode(key) = ${literal(filesKey)}`,
  );
  return found.map((row) => JSON.parse(row.names));
}

interface Arrival {
  readonly exchange: Exchange;
  /** Columns of the node whose rows have travelled. */
  readonly columns: readonly Column[];
  readonly files: readonly InputFile[];
}

/** The rows of an exchange as a view, in the types of their columns; also where no chunk handed any on. */
export async function arrivedRows(session: Session, { exchange, columns: known, files }: Arrival): Promise<Relation> {
  const columns = exchange.columns.map((name) => known.find((column) => column.name === name)!);
  const name = relationName(exchange.id);
  const relation = { node: exchange.node, name, columns };
  if (files.length === 0) {
    const none = columns.map((column) => `NULL::${column.type} AS ${quoted(column.name)}`);
    await session.run(`CREATE VIEW ${name} AS SELECT ${[...none, `0::BIGINT AS ${rowColumn}`].join(', ')} WHERE false`);
    return { ...relation, rows: 0 };
  }
  const copied = files.some(({ copy }) => copy);
  const from = copied
    ? `(${[false, true].map((copy) => withCopies(files, copy)).join(' UNION ALL BY NAME ')})`
    : filesOf(files.map(({ path }) => path));
  const [range] = files.map((file) => file.range);
  const found = await session.columns(`FROM ${from}`);
  // Groups that chunks have merged have their keys, and values that are no columns yet.
  const present = columns.filter((column) => found.some((one) => one.name === column.name));
  const typed = present.map((column) => `${quoted(column.name)}::${column.type} AS ${quoted(column.name)}`);
  const all = `SELECT *${typed.length > 0 ? ` REPLACE (${typed.join(', ')})` : ''} FROM ${from}`;
  const own = exchange.ranges && range ? `SELECT * FROM (${all}) WHERE ${inRange(exchange.ranges, range)}` : all;
  await session.run(`CREATE VIEW ${name} AS ${own}`);
  const counted = exchange.merges ? `sum(${weightColumn})` : 'count(*)';
  const [rows] = await session.counts(`SELECT ${counted} FROM ${name}${copied ? ` WHERE NOT ${copyColumn}` : ''}`);
  const forked = found.some((one) => one.name === rowColumn && one.type === 'BIGINT[]');
  return {
    ...relation,
    rows: rows!,
    ...(forked && { forked }),
    ...(copied && { copied }),
    ...(exchange.merges && { merged: true }),
  };
}

/** The rows of files that are copies, or of those that are not. */
function withCopies(files: readonly InputFile[], copies: boolean): string {
  const own = files.filter(({ copy = false }) => copy === copies).map(({ path }) => path);
  // Where there are no others, a copy tells the columns.
  const some = own.length > 0 ? own : [files[0]!.path];
  return `SELECT *, ${copies} AS ${copyColumn} FROM ${filesOf(some)}${own.length > 0 ? '' : ' WHERE false'}`;
}

interface Departure {
  readonly session: Session;
  readonly exchange: Exchange;
  readonly relation: Relation;
  /** SQL of rows that each stand for several, where the exchange merges them. */
  readonly merged?: string;
  readonly partitions: number;
  readonly folder: string;
  readonly chunk: string;
  readonly names: FileNames;
}

/** Writes rows for another stage, one file for each partition that has any. */
export async function sendRows(departure: Departure): Promise<OutputFile[]> {
  const { session, exchange, relation, merged, partitions, folder, chunk, names } = departure;
  const { ranges: order } = exchange;
  const cuts = order && (await cutRanges(session, relation, { order, most: partitions }));
  const hot = exchange.parts && (await hotKeys(session, relation, { keys: exchange.keys, partitions }));
  const files = await writeParquet({
    session,
    select:
      merged !== undefined
        ? await withPartition(departure)
        : cuts
          ? rangedRows(relation, exchange, cuts)
          : travellingRows(relation, exchange, { partitions, hot }),
    kind: 'exchange',
    of: exchange.id,
    folder,
    name: chunk,
    partitionBy: [partitionColumn],
    rows: relation.rows,
    partitions: cuts ? cuts.ranges.length : hot ? 2 * partitions : partitions,
    // A row keeps its place in the source, whose name only this chunk knows.
    metadata: { [filesKey]: JSON.stringify(names) },
  });
  const parted = files.map((file) => {
    const number = Number(file.partitionValues![partitionColumn]);
    if (cuts) return { ...file, partition: number, range: cuts.ranges[number] };
    return { ...file, partition: number % partitions, ...(number >= partitions && { hot: true as const }) };
  });
  return merged === undefined ? parted : weighed(session, parted);
}

async function withPartition({ session, exchange, relation, merged, partitions }: Departure): Promise<string> {
  const found = await session.columns(merged!);
  const columns = relation.columns.filter(({ name }) => found.some((one) => one.name === name));
  return mergedRows(merged!, { columns, exchange, partitions });
}

/** Counts what the rows of each file stand for, as they were written. */
async function weighed(session: Session, files: readonly OutputFile[]): Promise<OutputFile[]> {
  if (files.length === 0) return [];
  const list = files.map(({ path }) => literal(path)).join(', ');
  const found = await session.rows(
    `SELECT __file, sum(${weightColumn})::BIGINT AS weight FROM read_parquet([${list}], hive_partitioning = false, filename = '__file') GROUP BY __file`,
  );
  const weights = new Map(found.map((row) => [row.__file, Number(row.weight)]));
  return files.map((file) => ({ ...file, rows: weights.get(file.path)! }));
}

function filesOf(paths: readonly string[]): string {
  return `read_parquet([${paths.map(literal).join(', ')}], hive_partitioning = false, union_by_name = true)`;
}
