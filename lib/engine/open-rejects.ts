import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal } from '../component/shape.ts';
import { createCorrections } from './corrections.ts';
import type { RecordPlaces } from './recover-records.ts';
import { createRejects, filterSql, type RejectFilter, type RunRejects } from './reject-table.ts';
import { Session } from './session.ts';
import { unveiledSql } from './shown-rejects.ts';

export interface OpenRejectsRequest {
  /** The run and its replays. */
  readonly runs: readonly RunRejects[];
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

/** Rejects that can be replayed together: they were on their way to the same tables. */
export interface ReplayGroup {
  readonly tables: readonly string[];
  readonly inputs: readonly ReplayInput[];
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
    const list = taken.map(literal).join(', ');
    await session.run(
      `CREATE TABLE taken AS ${taken.length > 0 ? `SELECT run, file, version, "row", tables FROM read_parquet([${list}])` : "SELECT '' AS run, '' AS file, '' AS version, 0::BIGINT AS \"row\", '' AS tables WHERE false"}`,
    );
    const meant = `(SELECT * FROM rejects WHERE ${filterSql(filter)})`;
    await session.run(
      `CREATE TABLE open AS SELECT DISTINCT ON (run, file, version, "row", tables) * FROM ${meant} meant ANTI JOIN taken ON ${same('meant', 'taken')} WHERE form IS NOT NULL AND tables <> '[]'`,
    );
    const [takenRows, unreadable] = await session.counts(
      `SELECT (SELECT count(*) FROM ${meant} meant SEMI JOIN taken ON ${same('meant', 'taken')}), (SELECT count(*) FROM ${meant} WHERE form IS NULL OR tables = '[]')`,
    );
    await recoverPlaces(session, request);
    const [unrecovered] = await session.counts("SELECT count(*) FROM open WHERE form = 'place'");
    await session.run("DELETE FROM open WHERE form = 'place'");
    if (corrections !== undefined) await createCorrections(session, corrections);
    return {
      groups: await writeGroups(session, corrections !== undefined, workFolder),
      taken: takenRows!,
      unreadable: unreadable! + unrecovered!,
    };
  } finally {
    session.close();
  }
}

/** Rows that a later stage rejected get their records from their files, each of which is brought once. */
async function recoverPlaces(session: Session, { recover, workFolder }: OpenRejectsRequest): Promise<void> {
  const found = await session.rows(
    `SELECT source, file, version, list("row" ORDER BY "row") AS places FROM open WHERE form = 'place' GROUP BY source, file, version ORDER BY ALL`,
  );
  for (const [index, { source, file, version, places }] of found.entries()) {
    const path = join(workFolder, `records-${index}.parquet`);
    await recover({ source, file, version, rows: places.map(Number) }, path);
    await session.run(
      `UPDATE open SET raw = record.raw, form = 'values' FROM read_parquet(${literal(path)}) record WHERE open.form = 'place' AND open.file = record.file ` +
        'AND open.version IS NOT DISTINCT FROM record.version AND open."row" = record."row"',
    );
  }
}

async function writeGroups(session: Session, corrected: boolean, workFolder: string): Promise<ReplayGroup[]> {
  const rows = corrected
    ? `SELECT open.* REPLACE (${unveiledSql('corrections.raw', 'open.raw', 'open.open_raw')} AS raw) FROM open JOIN corrections USING (file, version_text, "row", node)`
    : 'SELECT * FROM open';
  const parts = await session.rows(
    `SELECT tables, source, count(*) AS n, sum(hash(run, file, version, "row", raw, form, names)::HUGEINT)::VARCHAR AS digest FROM (${rows}) GROUP BY ALL ORDER BY ALL`,
  );
  const groups = new Map<string, ReplayInput[]>();
  for (const [index, { tables, source, n, digest }] of parts.entries()) {
    const path = join(workFolder, `replay-${index}.parquet`);
    mkdirSync(workFolder, { recursive: true });
    // Rows keep the number of their file over all sources, so that no two files of a run share one.
    await session.run(
      `COPY (SELECT * EXCLUDE (source) FROM (SELECT run, (dense_rank() OVER (ORDER BY file, version) - 1)::BIGINT AS position, file, version, "row", raw, form, names, tables, source ` +
        `FROM (${rows}) WHERE tables = ${literal(tables)}) WHERE source = ${literal(source)} ORDER BY position, "row") TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const input = { source, path, rows: Number(n), bytes: statSync(path).size, digest: `${n}-${digest}` };
    groups.set(tables, [...(groups.get(tables) ?? []), input]);
  }
  return [...groups].map(([tables, inputs]) => ({ tables: JSON.parse(tables), inputs }));
}
