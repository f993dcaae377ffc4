import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal } from '../component/shape.ts';
import { createCorrections } from './corrections.ts';
import { createRejects, filterSql, type RejectFilter, type RunRejects } from './reject-table.ts';
import { Session } from './session.ts';

export interface OpenRejectsRequest {
  /** The run and its replays. */
  readonly runs: readonly RunRejects[];
  /** Files that the replays read: which rejects they have taken. */
  readonly taken: readonly string[];
  readonly filter: RejectFilter;
  /** An export of rejects with corrected raw records: only these, and so, are replayed. */
  readonly corrections?: string;
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
    if (corrections !== undefined) await createCorrections(session, corrections);
    return {
      groups: await writeGroups(session, corrections !== undefined, workFolder),
      taken: takenRows!,
      unreadable: unreadable!,
    };
  } finally {
    session.close();
  }
}

async function writeGroups(session: Session, corrected: boolean, workFolder: string): Promise<ReplayGroup[]> {
  const rows = corrected
    ? 'SELECT open.* REPLACE (corrections.raw AS raw) FROM open JOIN corrections USING (file, version_text, "row", node)'
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
