import type { Plan, QualityRulePlan } from '../../component/plan.ts';
import type { ChunkRequest, ChunkResult, InputFile, QualityMeasure } from '../../engine/chunk.ts';
import type { HeldRows, HoldRequest, MergedRows, MergeRequest } from '../../engine/index.ts';
import type { Machine } from './machine.ts';

/** Declarations of the components that the plan names, by component name. */
export type Components = Readonly<Record<string, unknown>>;

/** What runtime asks of the engine; `lib/engine/index.ts` has it. */
export interface Engine {
  executeChunk(request: ChunkRequest & { readonly components: Components }): Promise<ChunkResult>;
  /** Reads a small dataset whole, through its steps, and leaves it as one Parquet file at `path`. */
  captureReference(request: ReferenceRequest): Promise<ChunkResult & { readonly path: string }>;
  /** Row groups of a Parquet file in their order. Reads the footer only: the rest of the file may be a hole. */
  inspectFile(request: { readonly path: string; readonly key: string }): Promise<readonly RowGroup[]>;
  /** Measures rules that cannot be added up over chunks, on the files of their output. */
  measureQuality(request: QualityRequest): Promise<readonly QualityMeasure[]>;
  /** Parts the rows of one output that a person holds from those that are published. */
  holdRows(request: HoldRequest): Promise<HeldRows>;
  /** Some of the rows that break each rule, `limit` at most, by rule. */
  sampleQuality(request: QualityRequest & { readonly limit: number }): Promise<SampleRows>;
  /** Copies the files of a table that lose rows to others of the same key. */
  mergeFiles(request: MergeRequest): Promise<MergedRows>;
}

export interface RowGroup {
  readonly rows: number;
  /** Byte offsets in the file of its column chunks, `to` exclusive. */
  readonly bytes: { readonly from: number; readonly to: number };
}

export interface ReferenceRequest extends Machine {
  readonly plan: Plan;
  /** Id of the node that is handed to every chunk: the side of an enrich step. */
  readonly node: string;
  readonly inputs: readonly InputFile[];
  readonly workFolder: string;
  /** When its rejects are set aside, in milliseconds since the epoch. */
  readonly at: number;
  readonly components: Components;
  readonly functions?: Readonly<Record<string, (row: any) => unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Rows as JSON, by rule. */
export type SampleRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export interface QualityRequest extends Machine {
  readonly plan: Plan;
  /** Rules of one output. */
  readonly rules: readonly QualityRulePlan[];
  /** Paths of the Parquet files with the rows of that output; at least one. */
  readonly files: readonly string[];
  /** Paths of files with the rows that a rule holds its own against, by rule. */
  readonly others: Readonly<Record<string, readonly string[]>>;
  readonly workFolder: string;
  readonly components: Components;
}
