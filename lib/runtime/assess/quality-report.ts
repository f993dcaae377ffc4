import type { Profile } from '../../component/measure.ts';
import type { Plan } from '../../component/plan.ts';
import type { SchemaDrift, StepCount } from '../../engine/chunk.ts';
import type { FallbackUse } from '../extract/pinned-inputs.ts';
import type { LedgerEntry, LedgerFile } from '../ledger/ledger-entry.ts';
import type { StageInput } from '../messages.ts';
import { outputs } from '../pipeline-code.ts';
import type { SampleRows } from '../ports/engine.ts';
import type { RunTotals } from '../ports/run-store.ts';
import type { QualityScore } from './score.ts';

/** What lies at `reports/<pipeline>/<run>.json`. */
export interface QualityReport extends QualityScore {
  readonly reportVersion: 1;
  readonly pipeline: string;
  readonly run: string;
  readonly planDigest: string;
  readonly trigger: StageInput['trigger'];
  readonly totals: RunTotals;
  /** What the run wrote for each table. */
  readonly tables?: Readonly<Record<string, WrittenTable>>;
  /** Sums over all chunks, in the order of the plan. */
  readonly ledger: readonly StepCount[];
  readonly stages: Readonly<Record<string, StageFigures>>;
  /** Sources that could not be read, and what was read instead. Absent: all were. */
  readonly fallbacks?: readonly FallbackUse[];
  /** How the columns of files differ from those of their contracts. Absent: they do not. */
  readonly drift?: readonly SourceDrift[];
  /** What columns looked like, by `table.column`: what the next runs' drift is measured against. */
  readonly profiles?: Readonly<Record<string, Profile>>;
  /** Some rows that break rules, by rule: of broken ones, and of all where a person has to decide. */
  readonly samples?: SampleRows;
  /** ISO 8601, as the state machine knows it. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly assessedAt: string;
}

export interface SourceDrift extends SchemaDrift {
  /** Node id of the source. */
  readonly source: string;
}

/** What the sources of a run say of the columns of their files. */
export function driftOf(ledger: readonly StepCount[]): readonly SourceDrift[] {
  return ledger.flatMap(({ node, drift = [] }) => drift.map((one) => ({ source: node, ...one })));
}

export interface WrittenTable {
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
}

export function writtenTables(plan: Plan, entries: readonly LedgerEntry[]): Readonly<Record<string, WrittenTable>> {
  const files = entries.flatMap((entry) => entry.files).filter(({ kind }) => kind === 'table');
  const written = outputs(plan).map(({ id, table }) => {
    const own = files.filter(({ of }) => of === id);
    const sum = (pick: (file: LedgerFile) => number) => own.reduce((total, file) => total + pick(file), 0);
    return [table, { rows: sum(({ rows }) => rows), bytes: sum(({ bytes }) => bytes), files: own.length }] as const;
  });
  return Object.fromEntries(written);
}

export interface StageFigures {
  readonly chunks: number;
  /** Milliseconds by phase, summed over chunks. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Most memory that a worker held. */
  readonly peakMemoryBytes: number;
}

export function stageFigures(entries: readonly LedgerEntry[]): Readonly<Record<string, StageFigures>> {
  const figures: Record<string, StageFigures> = {};
  for (const entry of entries) {
    const sum = figures[entry.stage] ?? { chunks: 0, milliseconds: {}, peakMemoryBytes: 0 };
    const milliseconds: Record<string, number> = { ...sum.milliseconds };
    for (const [phase, spent] of Object.entries(entry.milliseconds))
      milliseconds[phase] = (milliseconds[phase] ?? 0) + spent;
    figures[entry.stage] = {
      chunks: sum.chunks + 1,
      milliseconds,
      peakMemoryBytes: Math.max(sum.peakMemoryBytes, entry.peakMemoryBytes),
    };
  }
  return figures;
}
