import { literal, quoted } from '../component/shape.ts';
import type { Session } from './session.ts';

/** Columns of files of rejects with their types, as `Rejects.rows` writes them. */
export const rejectColumns = [
  { name: 'file', type: 'VARCHAR', nullable: true },
  { name: 'version', type: 'VARCHAR', nullable: true },
  { name: 'row', type: 'BIGINT', nullable: true },
  { name: 'stage', type: 'VARCHAR', nullable: true },
  { name: 'node', type: 'VARCHAR', nullable: true },
  { name: 'rule', type: 'VARCHAR', nullable: true },
  { name: 'severity', type: 'VARCHAR', nullable: true },
  { name: 'column', type: 'VARCHAR', nullable: true },
  { name: 'value', type: 'VARCHAR', nullable: true },
  { name: 'reason', type: 'VARCHAR', nullable: true },
  { name: 'raw', type: 'VARCHAR', nullable: true },
  { name: 'form', type: 'VARCHAR', nullable: true },
  { name: 'names', type: 'VARCHAR', nullable: true },
  { name: 'seen', type: 'VARCHAR', nullable: true },
  { name: 'time', type: 'TIMESTAMP WITH TIME ZONE', nullable: true },
  { name: 'source', type: 'VARCHAR', nullable: true },
  { name: 'tables', type: 'VARCHAR', nullable: true },
  { name: 'meets', type: 'VARCHAR', nullable: true },
  { name: 'open_raw', type: 'VARCHAR', nullable: true },
  { name: 'open_seen', type: 'VARCHAR', nullable: true },
] as const;

/** Which rejects are meant: those for which all that is given holds. */
export interface RejectFilter {
  readonly rule?: string;
  readonly severity?: string;
  readonly column?: string;
  readonly stage?: string;
  /** Id of the node that rejected. */
  readonly step?: string;
}

/** SQL that is true for the rejects that are meant. */
export function filterSql({ rule, severity, column, stage, step }: RejectFilter): string {
  const wanted = Object.entries({ rule, severity, column, stage, node: step }).filter(
    ([, value]) => value !== undefined,
  );
  return wanted.map(([name, value]) => `${quoted(name)} = ${literal(value!)}`).join(' AND ') || 'true';
}

/** The rejects of one run, in files on this machine. */
export interface RunRejects {
  readonly run: string;
  readonly files: readonly string[];
}

/** Makes the view `rejects` of the rejects of several runs, with the column `run` in front. */
export async function createRejects(session: Session, runs: readonly RunRejects[]): Promise<void> {
  const none = rejectColumns.map(({ name, type }) => `NULL::${type} AS ${quoted(name)}`).join(', ');
  const parts = runs
    .filter(({ files }) => files.length > 0)
    .map(
      ({ run, files }) =>
        `SELECT ${literal(run)} AS run, * FROM read_parquet([${files.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)`,
    );
  // Files of earlier versions lack some columns.
  await session.run(
    `CREATE VIEW rejects AS SELECT '' AS run, ${none} WHERE false ${parts.map((part) => `UNION ALL BY NAME ${part}`).join(' ')}`,
  );
}
