import { isExport } from '../component/output-place.ts';
import type { LedgerRecord, Run } from './find-run.ts';
import type { Platform } from './platform.ts';

/** Rows of one step over all chunks of a stage. */
export interface LedgerLine {
  readonly stage: string;
  readonly step: string;
  readonly in: number;
  readonly multiplied: number;
  readonly out: number;
  readonly rejected: number;
  readonly filtered: number;
  readonly merged: number;
  readonly routed: number;
  readonly balanced: boolean;
  readonly rules: Readonly<Record<string, number>>;
}

/** Adds the ledger of a run up, in the order in which the stages ran. */
export function ledgerLines(records: readonly LedgerRecord[]): LedgerLine[] {
  const lines = new Map<string, LedgerLine>();
  for (const { stage, steps } of records) {
    for (const step of steps) {
      const id = `${stage} ${step.node}`;
      const sum = lines.get(id) ?? {
        stage,
        step: step.node,
        in: 0,
        multiplied: 0,
        out: 0,
        rejected: 0,
        filtered: 0,
        merged: 0,
        routed: 0,
        balanced: true,
        rules: {},
      };
      const rules = { ...sum.rules };
      for (const [rule, rows] of Object.entries(step.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
      const line = {
        ...sum,
        in: sum.in + step.rowsIn,
        multiplied: sum.multiplied + step.multiplied,
        out: sum.out + step.rowsOut,
        rejected: sum.rejected + step.rejected,
        filtered: sum.filtered + step.filtered,
        merged: sum.merged + step.merged,
        routed: sum.routed + (step.routed ?? 0),
        rules,
      };
      lines.set(id, {
        ...line,
        balanced: line.in + line.multiplied === line.out + line.rejected + line.filtered + line.merged + line.routed,
      });
    }
  }
  return [...lines.values()];
}

/**
 * What a run has published, by table. `version` is that of `penstock table log`, which rollbacks and queries take; absent
 * where the table has forgotten it.
 */
export async function publishedTables(platform: Pick<Platform, 'tables' | 'tableLog'>, run: Run) {
  const names = Object.values(run.publish?.tables ?? {}).map((one) => one.table);
  const all = await Promise.all(names.map((table) => publishedTable(platform, table, run.run)));
  return all.filter((one) => one !== undefined);
}

async function publishedTable(platform: Pick<Platform, 'tables' | 'tableLog'>, table: string, run: string) {
  const commit = await platform.tables.commitOf(table, run);
  if (!commit || isExport(table)) return commit;
  // The catalog counts what changes no rows as well: rollbacks, and states that are forgotten.
  const { version: _ofCatalog, ...rest } = commit;
  const state = (await platform.tableLog(table)).find((one) => one.run === run);
  return { ...rest, ...(state && { version: state.version }) };
}

/** The quality report of a run, where it came so far. */
export async function readReport(platform: Platform, run: Run): Promise<Report | undefined> {
  const text = await platform.objects.readText(`reports/${run.pipeline}/${run.run}.json`);
  return text === undefined ? undefined : JSON.parse(text);
}

/** What is shown of a report. */
export interface Report {
  readonly gate: string;
  readonly score: number;
  readonly dimensions: Readonly<Record<string, number>>;
  readonly rules: readonly {
    readonly rule: string;
    readonly dimension: string;
    readonly output: string;
    readonly share: number;
    readonly atLeast: number;
    readonly broken: boolean;
    readonly total: number;
    readonly passed: number;
  }[];
  /** Some rows that break rules, by rule. */
  readonly samples?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** How the columns of files differ from those of their contracts. */
  readonly drift?: readonly {
    readonly source: string;
    readonly change: 'added' | 'missing' | 'retyped' | 'renamed';
    readonly column: string;
    readonly found?: string;
    readonly action: 'evolve' | 'quarantine';
    readonly files: readonly string[];
  }[];
  readonly stages: Readonly<
    Record<
      string,
      {
        readonly chunks: number;
        readonly milliseconds: Readonly<Record<string, number>>;
        readonly peakMemoryBytes: number;
      }
    >
  >;
}
