import type { EventFilter } from './event-filters.ts';
import type { ParameterPlan, ParameterValues } from './parameter.ts';
import type { Order } from './shape.ts';

/**
 * What the compiler makes of a definition: pure JSON, the same for the same definition, named by its digest.
 * Infrastructure, workers and the command line all read a plan; none of them reads a definition.
 */
export interface Plan {
  readonly planVersion: 1;
  /** Name of the pipeline, kebab-case. */
  readonly pipeline: string;
  /** SHA-256 (hex) of the canonical JSON of everything else. */
  readonly digest: string;
  readonly triggers: readonly Trigger[];
  /** Every dataset of the graph, inputs before what reads them. */
  readonly nodes: readonly PlanNode[];
  /** Chunked stages in the order in which they run: `process`, then a `reduce` for each place where rows must meet. */
  readonly stages: readonly StagePlan[];
  readonly quality: readonly QualityRulePlan[];
  readonly gate: Gate;
  /** Most rows that a run may reject. Absent: as many as there are. */
  readonly rejects?: RejectBudget;
  readonly resources: Resources;
  /** What becomes of a run that begins while others are at work. Absent: all are at work at the same time. */
  readonly overlap?: Overlap;
  /** Who is told of what needs a person, and when. Absent: whoever listens to the alarms. */
  readonly escalate?: readonly EscalationLevel[];
  /** Runs of all pipelines together that may use something outside at the same time, by its name. Absent: nothing. */
  readonly shares?: Readonly<Record<string, number>>;
  /** What a run is given, by name. Absent: nothing. */
  readonly parameters?: Readonly<Record<string, ParameterPlan>>;
  /** Of one run: what it was given, and the defaults. Absent in what the compiler makes. */
  readonly values?: ParameterValues;
}

/** Receivers that are told unless somebody looks after it by then: e-mail and https addresses, and ARNs of topics. */
export interface EscalationLevel {
  readonly afterSeconds: number;
  readonly to: readonly string[];
}

/** How many runs of a pipeline may be at work, and what the next one does: wait, not begin, or take their place. */
export interface Overlap {
  readonly policy: 'queue' | 'skip' | 'replace';
  readonly runs: number;
}

export type Trigger =
  | { readonly kind: 'pipeline' /** Pipeline whose completed runs start this one. */; readonly pipeline: string }
  | ({ readonly kind: 'file' } & FileRule)
  | ({ readonly kind: 'event' } & EventPattern)
  | {
      readonly kind: 'schedule';
      /** EventBridge expression, e.g. `rate(1 day)`. */
      readonly expression: string;
      /** Time zone of a cron expression, e.g. `Europe/Berlin`. Absent: UTC. */
      readonly zone?: string;
      /** Which of the times are run that were missed: each, or none. Absent: the latest. */
      readonly catchUp?: 'all' | 'none';
    };

/** Events that start a run, each one: those of Penstock on its own bus (`source` is `penstock`), others on the default one. */
export interface EventPattern {
  readonly source: readonly EventFilter[];
  readonly detailType?: readonly EventFilter[];
  /** Content filters of EventBridge over the event's detail. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** How files that arrive become runs: one each, or several together. */
export interface FileRule {
  /** Key prefix in the lake bucket, e.g. `landing/flights/`. */
  readonly prefix: string;
  /** A file that comes again with the same content is run, too. Absent: it is passed over. */
  readonly reupload?: 'run';
  /** Files that come within so many seconds of the first one are one run, which begins sooner once there are `atMost`. */
  readonly window?: { readonly seconds: number; readonly atMost?: number };
  /** The files of a folder are one run, once a file of the name `marker` has come, or as many as `count`. */
  readonly complete?: { readonly marker: string } | { readonly count: number };
}

/** A column with its DuckDB type, e.g. `{ name: 'day', type: 'DATE', nullable: false }`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

export type PlanNode = SourceNode | StepNode | OutputNode;

interface NodeCommon {
  /** Unique in the plan and stable, e.g. `flights`, `flights.2-filter`, `table.flights`. */
  readonly id: string;
  /** Name of the component: a file of `lib/connectors` or `lib/operators`. */
  readonly component: string;
  /** The component's own options, as its schema returned them; JSON only. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What flows out of the node (for an output: what is written). */
  readonly columns: readonly Column[];
  /** Who may see the values of a column, by what it is made of. Absent: nobody has said it of any. */
  readonly classified?: Readonly<Record<string, Classification>>;
}

export interface SourceNode extends NodeCommon {
  readonly kind: 'source';
  readonly contract: ContractPlan;
  /**
   * `main`: each file is read by one run, cut into chunks. `whole`: all files that there are, in every run, cut into
   * chunks. `reference`: small, read whole in Extract and handed to every chunk.
   */
  readonly use: 'main' | 'whole' | 'reference';
  /** What is read in its place where it cannot be read. Absent: the run fails. */
  readonly fallback?: Fallback;
  /** A file that is damaged becomes one reject. Absent: it fails its run. */
  readonly damaged?: 'reject';
  /** How it goes on where earlier runs have ended. Absent: with what no run has taken, or with all there is. */
  readonly incremental?: WatermarkPlan;
  /** Its files only grow, and of each what was added is read. Absent: they do not change. */
  readonly grows?: GrowthPlan;
}

/** What becomes of a file that has other bytes where it was read before: its run fails, or takes it from its beginning. */
export interface GrowthPlan {
  readonly changed: 'stop' | 'again';
}

/** Rows whose value lies at or below the largest one that was published are passed over. */
export interface WatermarkPlan {
  /** Column of the contract. */
  readonly by: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  /** Rows of so long before that value are taken once more. 0: none. */
  readonly lagSeconds: number;
}

/**
 * Nothing; what the last run read that completed; or another source, whose objects have the same format and are held
 * against the same contract.
 */
export type Fallback =
  | 'empty'
  | 'last-good'
  | { readonly component: string; readonly options: Readonly<Record<string, unknown>> };

/** Whether a run may read something else than its sources say. */
export function fallsBack({ nodes }: Plan): boolean {
  return nodes.some((node) => node.kind === 'source' && node.fallback !== undefined);
}

export interface StepNode extends NodeCommon {
  readonly kind: 'step';
  readonly input: string;
  /** Second input that is handed to every chunk (enrich). */
  readonly side?: string;
  /** Further inputs whose rows flow through the step (join, union). */
  readonly others?: readonly string[];
  /** Rows that share these columns must meet in one chunk. Absent: the step works row by row. */
  readonly meetBy?: readonly string[];
  /** Of a lookup or join: the columns of both inputs that must be equal, pair by pair. */
  readonly lookupKeys?: { readonly input: readonly string[]; readonly side: readonly string[] };
  /**
   * Of a join of two datasets: numbers of the inputs whose rows of one key may be parted over chunks, where each of these
   * gets a copy of the other input's rows of that key.
   */
  readonly parts?: readonly number[];
  /** Order in which outputs write the rows, the deciding column first. Absent: the step asks for none. */
  readonly sorts?: readonly Order[];
  /** True where the rows of a key can be merged in parts, and the parts again. */
  readonly merges?: true;
  /** Columns that pass through as they are. */
  readonly keeps: readonly string[];
  /** Columns whose new values do not tell those that they are made of. Absent: none. */
  readonly masks?: readonly string[];
  /** Names of the secrets that it hashes with. Absent: none. */
  readonly secrets?: readonly string[];
  /** The route that its rows take, and all routes of that choice: each row of the input takes just one of them. */
  readonly route?: { readonly choice: string; readonly to: string; readonly of: readonly string[] };
  /** Lineage: for each output column the columns of the inputs that it is made of, as `node:column`. */
  readonly lineage: Readonly<Record<string, readonly string[]>>;
}

export interface OutputNode extends NodeCommon {
  readonly kind: 'output';
  readonly input: string;
  /** What is published: a table of the lake, e.g. `flights`, or an export by its prefix, e.g. `exports/flights`. */
  readonly table: string;
  /** Prefix in the lake of all that it publishes. Absent: `curated/<table>/`. */
  readonly place?: string;
  /** Lineage of columns that the output itself makes, as `node:column`. Absent: it makes none. */
  readonly lineage?: Readonly<Record<string, readonly string[]>>;
  /** Order of its rows, in each file and from file to file, the deciding column first. Absent: none. */
  readonly sorts?: readonly Order[];
  /** How its rows find those that they take the place of. Absent: they do not look for any. */
  readonly merges?: MergeKeys;
  /** Columns that the table may have under other names: new name → old name. Absent: none. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** What makes two rows of a table states of the same thing. */
export interface MergeKeys {
  readonly key: readonly string[];
  /** The larger one stays; of equal ones the later row. Absent: the row that is published later. */
  readonly by?: string;
}

/** The record type that a source promises, in the engine's terms. */
export interface ContractPlan {
  readonly name: string;
  /** As its owner counts, e.g. `1.4.0`. Absent: it has none. */
  readonly version?: string;
  readonly fields: readonly ContractField[];
  /** What happens to columns that the contract does not name. */
  readonly unknownColumns: 'ignore' | 'reject';
  /** Sets of columns that the source promises to be unique over all its rows. Absent: none. */
  readonly keys?: readonly (readonly string[])[];
  /** What becomes of files whose columns are others. Absent: a missing or renamed column stops the run. */
  readonly evolution?: Readonly<Partial<Record<SchemaChange, Evolution>>>;
  /** Other names that files give a column. Absent: none. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
}

/** How the columns of a file may differ from those of its contract. */
export type SchemaChange = 'added' | 'missing' | 'retyped' | 'renamed';

/** The run goes on with what the file has, sets all rows of the file aside, or stops. */
export type Evolution = 'evolve' | 'quarantine' | 'stop';

export interface ContractField {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly rules: readonly ContractRule[];
  /** Who may see its values. Absent: nobody has said. */
  readonly classification?: Classification;
}

/** From the least to the most confined. */
export type Classification = 'public' | 'internal' | 'confidential' | 'restricted';

/** A rule of one field. `expression` is true for a good value and may name only this column; it is not asked for NULL. */
export interface ContractRule {
  readonly name: string;
  readonly expression: string;
  /** Follows the value in a reject's reason, e.g. `is above 100`. */
  readonly message: string;
}

export interface StagePlan {
  /** `process`, `reduce-1`, `reduce-2`… Part of object keys and ledger entries. */
  readonly id: string;
  readonly kind: 'process' | 'reduce';
  /** Name of the Map state in the console, e.g. `Process chunks`. */
  readonly title: string;
  /** Node ids that this stage computes, in order. */
  readonly nodes: readonly string[];
  /** Exchanges that it reads; absent for `process`, which reads sources. */
  readonly reads?: readonly string[];
  /** Rows that it hands on. */
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly id: string;
  /** Node whose rows travel. */
  readonly node: string;
  /** Columns by whose hash the rows are parted. */
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  readonly toStage: string;
  /** Step or output that takes the rows, and as which of its inputs, from 0. */
  readonly feeds: { readonly step: string; readonly input: number };
  /** Order by whose ranges the rows are parted, in the place of a hash. Absent: by hash. */
  readonly ranges?: readonly Order[];
  /** Rows that need not meet any other, and so go anywhere: `all` of them, or those with a NULL in a key. Absent: none. */
  readonly spread?: 'all' | 'nulls';
  /** True where each chunk hands on in files of their own the rows of keys that many of its rows have. Absent: not. */
  readonly parts?: true;
  /** True where each chunk merges its rows of one key before they travel. Absent: all rows travel. */
  readonly merges?: true;
}

export interface QualityRulePlan {
  readonly id: string;
  /** File of `lib/operators` that measures it, e.g. `complete`. */
  readonly component: string;
  readonly dimension:
    | 'completeness'
    | 'accuracy'
    | 'consistency'
    | 'validity'
    | 'uniqueness'
    | 'freshness'
    | 'volume'
    | 'distribution';
  readonly options: Readonly<Record<string, unknown>>;
  /** Output node whose rows are measured. */
  readonly output: string;
  /** Reference node with the rows that the rule holds its own against. */
  readonly side?: string;
  /** Table with those rows, where they are not a dataset of the pipeline. */
  readonly against?: string;
  /** Earlier runs that it judges by. */
  readonly history?: { readonly runs: number; readonly profile: boolean };
  /** Share (0 to 1) below which the rule counts as broken. */
  readonly atLeast: number;
  /** What a broken rule does to the gate at least. */
  readonly onBreak: 'warn' | 'review' | 'fail';
}

export interface Gate {
  /** Scores (0 to 1) from here up pass. */
  readonly pass: number;
  /** Scores from here up to `pass` wait for a person; lower ones fail. */
  readonly review: number;
  /** Seconds that a person has. */
  readonly reviewSeconds: number;
  /** Seconds before the deadline at which the person is reminded. Absent: a quarter of them, a day at most. */
  readonly remindSeconds?: number;
  /** What happens when nobody has decided by then. Absent: the run fails. */
  readonly afterDeadline?: 'approve' | 'release';
  /** What becomes of a run that would leave a table empty because its rows were rejected. Absent: it fails. */
  readonly emptied?: 'review' | 'pass';
}

/** How long before the deadline of a review the person is reminded. */
export function reviewReminderSeconds({ reviewSeconds, remindSeconds }: Gate): number {
  return remindSeconds ?? Math.min(86_400, Math.ceil(reviewSeconds / 4));
}

/** A run that rejects more than either fails. */
export interface RejectBudget {
  /** Of the rows that come in, 0 to 1. */
  readonly share?: number;
  readonly count?: number;
}

export interface Resources {
  readonly workerMemoryMegabytes: number;
  readonly workerTimeoutSeconds: number;
  /** Most chunks of this pipeline at work at the same time. */
  readonly concurrency: number;
  /** Input bytes of one chunk, as stored. A run whose input fits in one chunk runs all stages in it. */
  readonly chunkBytes: number;
  /** Partitions of a reduce stage at the most; a run has as many as its size asks for. */
  readonly partitions: number;
}

/** Whether files of a trigger can be run together. */
export function takesBatches({ triggers }: Pick<Plan, 'triggers'>): boolean {
  return triggers.some((trigger) => trigger.kind === 'file' && (trigger.window || trigger.complete));
}

/** Whether files that come again with the same content make no run. Who completes a folder by a marker is told of no other. */
export function passesRepeatsOver({ triggers }: Pick<Plan, 'triggers'>): boolean {
  return triggers.some(
    (trigger) =>
      trigger.kind === 'file' && trigger.reupload !== 'run' && !(trigger.complete && 'marker' in trigger.complete),
  );
}

/** Whether an output merges its rows into a table, for which it takes the engine to publish. */
export function merges({ nodes }: Plan): boolean {
  return nodes.some((node) => node.kind === 'output' && node.merges !== undefined);
}
