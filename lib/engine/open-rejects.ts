import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal } from '../component/shape.ts';
import { createCorrections } from './corrections.ts';
import type { RecordPlaces } from './recover-records.ts';
import { createRejects, filterSql, type RejectFilter, type RunRejects } from './reject-table.ts';
import { rowBits } from './relation.ts';
import { Session } from './session.ts';
import { unveiledSql } from './shown-rejects.ts';

export interface OpenRejectsRequest {
  /** The run and its replays. */
  readonly runs: readonly RejectsOfRun[];
  /** Files that the replays read: which rejects they have taken. */
  readonly taken: readonly string[];
  readonly filter: RejectFilter;
  /** An export of rejects with corrected raw records: only these, and so, are replayed. */
  readonly corrections?: string;
  /** Writes records from their places in their files, as `recoverRecords` does. */
  recover(places: RecordPlaces, to: string): Promise<void>;
  /** An empty folder. */
  readonly workFolder: string;
}

export interface RejectsOfRun extends RunRejects {
  /** Tables that a later replay has made anew: what this run rejected on the way to them is settled. */
  readonly remade?: readonly string[];
}

/** Rejects that can be replayed together: they were on their way to the same tables. */
export interface ReplayGroup {
  readonly tables: readonly string[];
  readonly inputs: readonly ReplayInput[];
  /** Rejects that it is for. */
  readonly rows: number;
  /**
   * True where the rows meet others on the way to these tables, or are no records of a file, so that all rows of the run
   * are read again and what it has published there is made anew. `inputs` then hold only what takes the place of records of its files.
   */
  readonly whole?: true;
}

export interface ReplayInput {
  /** Id of the source that read the rows first. */
  readonly source: string;
  /** File in the work folder. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of what the rows are; the same rows always have the same. */
  readonly digest: string;
}

export interface OpenRejects {
  readonly groups: readonly ReplayGroup[];
  /** Rejects that were meant and that an earlier replay has taken. */
  readonly taken: number;
  /** Rejects that were meant and have no record that could be read again. */
  readonly unreadable: number;
}

const same = (a: string, b: string) =>
  `${a}.run = ${b}.run AND ${a}.file = ${b}.file AND ${a}.version IS NOT DISTINCT FROM ${b}.version AND ${a}."row" = ${b}."row" AND ${a}.tables = ${b}.tables`;
const samePlace = (a: string, b: string) =>
  `${a}.file = ${b}.file AND ${a}.version IS NOT DISTINCT FROM ${b}.version AND ${a}."row" = ${b}."row"`;

/** SQL of the names in a JSON list. */
const names = (json: string) => `from_json(coalesce(${json}, '[]'), '["VARCHAR"]')`;
/** SQL of a list without some names. */
const without = (list: string, some: readonly string[]) =>
  `list_filter(${list}, lambda one: one NOT IN (${["''", ...some.map(literal)].join(', ')}))`;
/** SQL of a JSON list of names, written as JSON.stringify writes it. */
const json = (list: string) => `to_json(${list})::VARCHAR`;

/** Beyond the positions of a run's own files, so that no record that takes the place of one has the id of another. */
const replacingFrom = 2 ** (62 - rowBits);

/**
 * Finds the rejects of a run and of its replays that no replay has taken, and writes files for one that takes them.
 * Throws `CorrectionInvalidError` where a correction does not belong to one of them.
 */
export async function openRejects(request: OpenRejectsRequest): Promise<OpenRejects> {
  const { runs, taken, filter, corrections, workFolder } = request;
  const files = [...runs.flatMap((run) => run.files), ...taken, ...(corrections === undefined ? [] : [corrections])];
  const folders = [workFolder, ...new Set(files.map((file) => dirname(file)))];
  const session = await Session.open({ folders, memoryMegabytes: 4096, threads: 2 });
  try {
    await createRejects(session, runs);
    await createWays(session, runs);
    const list = taken.map(literal).join(', ');
    await session.run(
      `CREATE TABLE taken AS ${taken.length > 0 ? `SELECT run, file, version, "row", tables, raw, form, names FROM read_parquet([${list}])` : "SELECT '' AS run, '' AS file, '' AS version, 0::BIGINT AS \"row\", '' AS tables, '' AS raw, '' AS form, '' AS names WHERE false"}`,
    );
    const meant = `(SELECT * FROM ways WHERE ${filterSql(filter)})`;
    await session.run(
      `CREATE TABLE open AS SELECT DISTINCT ON (run, file, version, "row", tables, met) *, count(*) OVER (PARTITION BY run, file, version, "row", tables, met) AS rejects FROM (SELECT * REPLACE (CASE WHEN form IS NULL OR EXISTS (FROM taken WHERE ${same('meant', 'taken')}) THEN '[]' ELSE tables END AS tables) FROM ${meant} meant) WHERE tables <> '[]' OR met <> '[]'`,
    );
    const [takenRows, unreadable] = await session.counts(
      `SELECT (SELECT count(*) FROM ${meant} meant WHERE settled OR EXISTS (FROM taken WHERE ${same('meant', 'taken')})), (SELECT count(*) FROM ${meant} WHERE NOT settled AND met = '[]' AND (form IS NULL OR tables = '[]'))`,
    );
    await recoverPlaces(session, request);
    const [unrecovered] = await session.counts("SELECT count(*) FROM open WHERE form = 'place' AND met = '[]'");
    await session.run("UPDATE open SET tables = '[]' WHERE form = 'place'");
    await session.run("DELETE FROM open WHERE tables = '[]' AND met = '[]'");
    if (corrections !== undefined) {
      // What has no record cannot be corrected.
      await session.run("DELETE FROM open WHERE form IS NULL OR form = 'place'");
      await createCorrections(session, corrections);
    }
    return {
      groups: await writeGroups(session, corrections !== undefined, workFolder),
      taken: takenRows!,
      unreadable: unreadable! + unrecovered!,
    };
  } finally {
    session.close();
  }
}

/**
 * Makes the view `ways`: rejects with the tables that their own rows lead to, and those that they meet others on the way
 * to (`met`). `settled` where a later replay has made anew all that a row was on its way to.
 */
async function createWays(session: Session, runs: readonly RejectsOfRun[]): Promise<void> {
  const remade = runs.map((one) => `(${literal(one.run)}, ${literal(JSON.stringify(one.remade ?? []))})`);
  const left = (list: string) => `list_filter(${list}, lambda one: NOT list_contains(${names('remade.tables')}, one))`;
  const all = left(names('rejects.tables'));
  const meeting = names('rejects.meets');
  await session.run(
    `CREATE VIEW ways AS SELECT rejects.* REPLACE (${json(`list_filter(${all}, lambda one: NOT list_contains(${meeting}, one))`)} AS tables), ` +
      `${json(`list_filter(${all}, lambda one: list_contains(${meeting}, one))`)} AS met, rejects.tables <> '[]' AND len(${all}) = 0 AS settled ` +
      `FROM rejects JOIN (VALUES ${[...remade, "(NULL, '[]')"].join(', ')}) remade(run, tables) ON remade.run = rejects.run`,
  );
}

/** Rows that a later stage rejected get their records from their files, each of which is brought once. */
async function recoverPlaces(
  session: Session,
  { recover, workFolder, corrections }: OpenRejectsRequest,
): Promise<void> {
  // Where all rows are read again, only a correction needs the record that it stands for.
  const needed = corrections === undefined ? "tables <> '[]'" : 'true';
  const found = await session.rows(
    `SELECT source, file, version, list("row" ORDER BY "row") AS places FROM open WHERE form = 'place' AND ${needed} GROUP BY source, file, version ORDER BY ALL`,
  );
  for (const [index, { source, file, version, places }] of found.entries()) {
    const path = join(workFolder, `records-${index}.parquet`);
    await recover({ source, file, version, rows: places.map(Number) }, path);
    await session.run(
      `UPDATE open SET raw = record.raw, form = 'values' FROM read_parquet(${literal(path)}) record WHERE open.form = 'place' AND ${samePlace('open', 'record')}`,
    );
  }
}

async function writeGroups(session: Session, corrected: boolean, workFolder: string): Promise<ReplayGroup[]> {
  mkdirSync(workFolder, { recursive: true });
  const chosen = corrected
    ? `SELECT open.* REPLACE (${unveiledSql('corrections.raw', 'open.raw', 'open.open_raw')} AS raw) FROM open JOIN corrections USING (file, version_text, "row", node)`
    : 'SELECT * FROM open';
  const remade = await remadeTables(session, chosen);
  const alone = await writeInputs(session, {
    rows: `SELECT * FROM (SELECT * REPLACE (${json(without(names('tables'), remade))} AS tables) FROM (${chosen})) WHERE tables <> '[]'`,
    stem: join(workFolder, 'replay'),
  });
  const groups = [...Map.groupBy(alone, ({ tables }) => tables)].map(([tables, inputs]) => {
    const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
    return { tables: JSON.parse(tables), inputs: inputs.map(({ tables: _, ...input }) => input), rows };
  });
  if (remade.length === 0) return groups;
  return [...groups, await writeWhole(session, { tables: remade, chosen, corrected, workFolder })];
}

/** Tables on the way to which some of the rows meet others. */
async function remadeTables(session: Session, chosen: string): Promise<readonly string[]> {
  const [row] = await session.rows(`SELECT list(DISTINCT met) AS met FROM (${chosen}) WHERE met <> '[]'`);
  const lists = ((row!.met ?? []) as readonly string[]).map((met) => JSON.parse(met) as string[]);
  return [...new Set(lists.flat())].sort();
}

interface Whole {
  readonly tables: readonly string[];
  /** SQL of the rejects that are meant. */
  readonly chosen: string;
  readonly corrected: boolean;
  readonly workFolder: string;
}

/** What takes the place of records, where the run's other rows are read again with them: corrections, of now and before. */
async function writeWhole(session: Session, { tables, chosen, corrected, workFolder }: Whole): Promise<ReplayGroup> {
  const own = literal(JSON.stringify(tables));
  const isOfThese = `(met <> '[]' OR list_has_any(${names('tables')}, ${names(own)}))`;
  const [rows] = await session.counts(`SELECT coalesce(sum(rejects), 0) FROM (${chosen}) WHERE ${isOfThese}`);
  const known = '(SELECT DISTINCT file, version, source FROM rejects)';
  const before = `SELECT taken.*, source FROM taken JOIN ${known} known ON taken.file = known.file AND taken.version IS NOT DISTINCT FROM known.version WHERE list_has_any(${names('tables')}, ${names(own)})`;
  const now = corrected
    ? `SELECT run, file, version, "row", tables, raw, form, names, source FROM (${chosen}) WHERE ${isOfThese}`
    : `SELECT *, '' AS source FROM taken WHERE false`;
  const inputs = await writeInputs(session, {
    rows:
      `SELECT DISTINCT ON (file, version, "row") * REPLACE (${own} AS tables) ` +
      `FROM (SELECT *, 0 AS age FROM (${now}) UNION ALL BY NAME SELECT *, 1 AS age FROM (${before})) ORDER BY file, version, "row", age, run DESC`,
    stem: join(workFolder, 'whole'),
    from: replacingFrom,
  });
  return { tables, inputs: inputs.map(({ tables: _, ...input }) => input), rows: rows!, whole: true };
}

interface Records {
  /** SQL of the rows to write. */
  readonly rows: string;
  /** Begins the names of the files. */
  readonly stem: string;
  /** Position of the first file that they stand for. Default 0. */
  readonly from?: number;
}

async function writeInputs(
  session: Session,
  { rows, stem, from = 0 }: Records,
): Promise<(ReplayInput & { readonly tables: string })[]> {
  const parts = await session.rows(
    `SELECT tables, source, count(*) AS n, sum(hash(run, file, version, "row", raw, form, names, tables)::HUGEINT)::VARCHAR AS digest FROM (${rows}) GROUP BY ALL ORDER BY ALL`,
  );
  const inputs: (ReplayInput & { readonly tables: string })[] = [];
  for (const [index, { tables, source, n, digest }] of parts.entries()) {
    const path = `${stem}-${index}.parquet`;
    // Rows keep the number of their file over all sources, so that no two files of a run share one.
    await session.run(
      `COPY (SELECT * EXCLUDE (source) FROM (SELECT run, (dense_rank() OVER (ORDER BY file, version) - 1 + ${from})::BIGINT AS position, file, version, "row", raw, form, names, tables, source ` +
        `FROM (${rows}) WHERE tables = ${literal(tables)}) WHERE source = ${literal(source)} ORDER BY position, "row") TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    inputs.push({ source, path, rows: Number(n), bytes: statSync(path).size, digest: `${n}-${digest}`, tables });
  }
  return inputs;
}
