import type { FieldIds, TableColumn } from '../component/field-id.ts';
import type { Measured } from '../component/measure.ts';
import type { Evolution, Plan, SchemaChange } from '../component/plan.ts';

/** What a worker hands to the engine: files on its own disk and where to write. The engine knows no network. */
export interface ChunkRequest {
  readonly plan: Plan;
  /** Id of the stage. With `solo`, that of `process`, and every later stage runs in the same go. */
  readonly stage: string;
  /** Id of the chunk, unique in the stage, e.g. `000004`; part of every output's name. */
  readonly chunk: string;
  /** True where the run has one chunk only: rows need not travel to meet. */
  readonly solo: boolean;
  readonly inputs: readonly InputFile[];
  /** Parquet files that `captureReference` made, by source node id. */
  readonly references: Readonly<Record<string, string>>;
  /** Hash partitions of each exchange that this stage writes. */
  readonly partitions: number;
  /** An empty folder that the engine may fill; the caller removes it. */
  readonly workFolder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  /** When its rejects are set aside, in milliseconds since the epoch; the engine knows no clock. */
  readonly at: number;
  /** User functions by node id, where the plan has `map` steps. */
  readonly functions?: Readonly<Record<string, (row: any) => unknown>>;
  /** Values of the secrets that the plan names, by name. Absent: it names none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** How far its sources were taken by earlier runs, by source: the text of a value. Absent: nothing was. */
  readonly cursors?: Readonly<Record<string, string>>;
  /** By output and column: ids that files of tables have, where these do not follow from names. Absent: all do. */
  readonly ids?: Readonly<Record<string, Readonly<Record<string, FieldIds>>>>;
  /** Stops the query within milliseconds. */
  readonly signal?: AbortSignal;
}

export interface InputFile {
  /** Path on this machine. */
  readonly path: string;
  /** Object key, for rejects. */
  readonly key: string;
  /** Version of the object, for rejects. Absent where the bucket keeps no versions. */
  readonly version?: string;
  /** Source node or exchange that it belongs to. */
  readonly of: string;
  /** Position of the file among the run's files; orders rows of different files. */
  readonly file: number;
  /** Columns of the table that the Parquet file belongs to, by whose ids it is read. Absent: by the names in the file. */
  readonly byId?: readonly TableColumn[];
  /** True where the file holds rejects of an earlier run, which are read again from their raw records. */
  readonly rejects?: boolean;
  /** Files with records (`file`, `version`, `row`) in whose place others are read: they are left out here. */
  readonly replaced?: readonly string[];
  /** Rows of a Parquet file that belong to this chunk, end exclusive; absent: all. */
  readonly rows?: { readonly from: number; readonly to: number };
  /** Of an exchange by range: the sort keys of those rows in the file that belong to this chunk. Absent: all. */
  readonly range?: KeyRange;
  /** True where another chunk accounts for the rows, and this one only has them to match its own. */
  readonly copy?: true;
  /** Records of a text file that come before those at `path`, which is a part of it. Default 0. */
  readonly recordsBefore?: number;
}

/** Sort keys in hexadecimal, `from` included and `to` not. Absent: no bound. */
export interface KeyRange {
  readonly from?: string;
  readonly to?: string;
}

/** Begins the name of a phase that is the calls of a user's function; the id of its step follows. Part of that step's own. */
export const callPhase = 'call ';

export interface ChunkResult {
  /** One for each step that this chunk ran, sources and outputs included. Each balances. */
  readonly steps: readonly StepCount[];
  readonly files: readonly OutputFile[];
  readonly quality: readonly QualityMeasure[];
  /** Milliseconds by phase, e.g. `{ read: 120, write: 400 }`. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** rowsIn + multiplied = rowsOut + rejected + filtered + merged + routed, always. */
export interface StepCount {
  readonly node: string;
  /** Of all inputs whose rows flow through the step. */
  readonly rowsIn: number;
  /** Rows beyond the first that a row became: by further matches of a join, or by further elements of a list. */
  readonly multiplied: number;
  readonly rowsOut: number;
  readonly rejected: number;
  /** Of the rejected, rows that were on their way to where they meet: they were set aside before, and did not travel. Absent: none. */
  readonly early?: number;
  /** Of the rejected, rows that broke a critical rule first. Absent: none. */
  readonly critical?: number;
  readonly filtered: number;
  readonly merged: number;
  /** Rows that went on by another route of the same choice. Absent: the step makes no choice. */
  readonly routed?: number;
  /** Rows by the rule that took them, e.g. `{ 'delay is not a BIGINT': 3 }`. */
  readonly rules: Readonly<Record<string, number>>;
  /** Of a source that goes on where earlier runs ended: the largest value of the rows that it handed on. Absent: none. */
  readonly reached?: string;
  /** Of a source: how the columns of its files differ from those of the contract. Absent: they do not. */
  readonly drift?: readonly SchemaDrift[];
}

/** A difference between the columns of files and those of their contract, with which the run went on. */
export interface SchemaDrift {
  readonly change: SchemaChange;
  /** As the contract names it; of an added column as the file does. */
  readonly column: string;
  /** What the file has instead: a type, or a name. */
  readonly found?: string;
  readonly action: Exclude<Evolution, 'stop'>;
  /** Keys of files that differ so: the first ten. */
  readonly files: readonly string[];
}

/** A file that the engine wrote in the work folder, still to be stored. */
export interface OutputFile {
  readonly path: string;
  readonly kind: 'table' | 'exchange' | 'rejects';
  /** Output node, exchange id, or stage. */
  readonly of: string;
  /** Name under the prefix of its kind; unique in the run, e.g. `day=2001-01-01/process-000000.parquet`. */
  readonly name: string;
  /** Of an exchange: rows of its node that those in the file stand for. */
  readonly rows: number;
  readonly bytes: number;
  /** Hash partition of an exchange file; of one by range, the number of the range among those of the chunk. */
  readonly partition?: number;
  /** True where it holds rows of an exchange whose keys many rows have. Other files have a row of each of these keys. */
  readonly hot?: true;
  /** Of an exchange by range: where the rows of the file lie. */
  readonly range?: KeyRange;
  /** What a table file says of its plain columns, by name. */
  readonly columns?: Readonly<Record<string, ColumnFacts>>;
  /** Partition values of a table file, as text, e.g. `{ day: '2001-01-01' }`. */
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  /** The same rows as Parquet, where the file is text and its rows are read again before they are published. */
  readonly rowsPath?: string;
}

/** Facts of a column in one file, by which readers of a table skip files. */
export interface ColumnFacts {
  /** Compressed. */
  readonly bytes?: number;
  readonly nulls?: number;
  /** As DuckDB prints it. Absent where all values are null, or where the file does not say. */
  readonly min?: string;
  readonly max?: string;
}

/** What a quality rule counted in this chunk. Rules that cannot be added up over chunks are measured in Assess instead. */
export interface QualityMeasure extends Measured {
  readonly rule: string;
}
