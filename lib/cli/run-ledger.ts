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

/** What a run has published, by table. */
export async function publishedTables(platform: Platform, run: Run) {
  const names = Object.values(run.publish?.tables ?? {}).map((one) => one.table);
  const commits = await Promise.all(names.map((table) => platform.tables.commitOf(table, run.run)));
  return commits.filter((commit) => commit !== undefined);
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
