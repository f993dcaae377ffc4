import type { Plan, QualityRulePlan, SourceNode } from '../../component/plan.ts';
import type { ChunkRequest, ChunkResult, InputFile, QualityMeasure } from '../../engine/chunk.ts';

/** Declarations of the components that the plan names, by component name. */
export type Components = Readonly<Record<string, unknown>>;

export interface RowGroup {
  readonly rows: number;
  /** Byte offsets in the file of its column chunks, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** What runtime asks of the engine; `lib/engine/index.ts` has it. */
export interface Engine {
  executeChunk(request: ChunkRequest & { readonly components: Components }): Promise<ChunkResult>;
  /** Reads a reference source whole, validates it, and leaves one Parquet file at `path`. */
  captureReference(request: ReferenceRequest): Promise<ChunkResult & { readonly path: string }>;
  /** Row groups of a Parquet file in their order. Reads the footer only: the rest of the file may be a hole. */
  inspectFile(request: { readonly path: string }): Promise<{ readonly rowGroups: readonly RowGroup[] }>;
  /** Measures a rule that cannot be added up over chunks, on the files of its output. */
  measureQuality(request: QualityRequest): Promise<QualityMeasure>;
}

export interface ReferenceRequest {
  readonly plan: Plan;
  readonly node: SourceNode;
  readonly inputs: readonly InputFile[];
  readonly workFolder: string;
  readonly components: Components;
  readonly memoryMegabytes: number;
  readonly threads: number;
}

export interface QualityRequest {
  readonly plan: Plan;
  readonly rule: QualityRulePlan;
  /** Paths of the Parquet files with the rows of the rule's output. */
  readonly files: readonly string[];
  readonly workFolder: string;
  readonly components: Components;
  readonly memoryMegabytes: number;
  readonly threads: number;
}
