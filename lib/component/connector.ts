import type * as z from 'zod';
import type { FileSizes, OutputFormat } from './output-file.ts';
import type { PartitionTransform } from './partition-transform.ts';
import type { Classification, Column, MergeKeys } from './plan.ts';
import type { Order, Projection } from './shape.ts';
import { type Locate, userLocation } from './user-location.ts';

/** One external system: a file of `lib/connectors`; a source, a sink, or both. */
export interface Connector {
  readonly kind: 'connector';
  /** File name, and name in plans and YAML. */
  readonly component: string;
  readonly source?: SourceSide;
  readonly sink?: SinkSide;
}

export interface SourceSide<Options = any> {
  readonly schema: z.ZodType<Options>;
  /** Short name of the dataset, from the options, e.g. `flights` for the prefix `landing/flights/`. */
  title(options: Options): string;
  /** Where the objects lie that this source reads, in the lake bucket. */
  objects(options: Options): ObjectSelection;
  /** How the bytes of an object become rows. */
  format(options: Options): Format;
}

/** Objects of the lake bucket: all below a prefix, one by its key, or those of a table's published version. */
export type ObjectSelection = { readonly prefix: string } | { readonly key: string } | { readonly table: string };

export type Format =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string; readonly header: boolean }
  | { readonly kind: 'ndjson' }
  | { readonly kind: 'json' }
  | { readonly kind: 'parquet' };

export interface SinkSide<Options = any> {
  readonly schema: z.ZodType<Options>;
  readonly capabilities: SinkCapabilities;
  /** Name of what is written, e.g. the table. */
  title(options: Options): string;
  /** Prefix in the lake that it writes below. Absent, or undefined: `curated/<title>/`. */
  place?(options: Options): string | undefined;
  /** What names the folder of a file, outermost first: columns by their values, and transforms by their names. */
  partitionBy(options: Options): readonly string[];
  /** Those of them that are transforms of a column. Absent: none. */
  transforms?(options: Options): readonly PartitionTransform[];
  /** Those of them that are no columns of the rows yet. Absent: none. */
  partitions?(options: Options): readonly Projection[];
  /** Order of the rows in each file. Absent, or undefined: that of a sort step. Throws `ColumnUnknownError`. */
  sortBy?(options: Options, columns: readonly Column[]): readonly Order[] | undefined;
  /** How rows become files. Absent: Parquet. */
  format?(options: Options): OutputFormat;
  sizes?(options: Options): FileSizes;
  /** Throws where rows of these columns cannot be written. */
  check?(options: Options, columns: readonly Column[]): void;
  /** What becomes of the rows that are there already. */
  mode(options: Options): PublishMode;
  /** How rows are known again, where the mode is `merge`. */
  merges?(options: Options): MergeKeys | undefined;
  /** Columns that what is there may have under other names: new name → old name. Absent, or undefined: none. */
  renamed?(options: Options): Readonly<Record<string, string>> | undefined;
  /** The most confined columns that may be written. Absent, or undefined: all but restricted ones. */
  clearedFor?(options: Options): Classification | undefined;
}

/**
 * What becomes of the rows that are there: all stay; all go; those of the partitions that new rows are for go; those
 * with the key of a new row go.
 */
export type PublishMode = 'append' | 'replace' | 'replacePartitions' | 'merge';

export interface SinkCapabilities {
  /** What a reader can see of a run that was repeated in part. */
  readonly delivery: 'exactly-once' | 'at-least-once';
  /** Where readers learn which files to read. Absent: from the catalog. */
  readonly readers?: 'catalog' | 'manifest';
}

/** A source with its options, where the user put it. */
export interface SourceReference {
  readonly kind: 'source' | 'either';
  readonly connector: Connector;
  readonly options: Readonly<Record<string, unknown>>;
  readonly at?: string;
  /** Finds parts of the options. */
  readonly locate?: Locate;
}

/** A sink with its options, where the user put it. */
export interface SinkReference {
  readonly kind: 'sink' | 'either';
  readonly connector: Connector;
  readonly options: Readonly<Record<string, unknown>>;
  readonly at?: string;
  /** Finds parts of the options. */
  readonly locate?: Locate;
}

/** Declares a system that can be read. */
export function defineSource<Options, Input>(
  component: string,
  source: SourceSide<Options> & { readonly schema: z.ZodType<Options, Input> },
): Connector & ((options: Input) => SourceReference) {
  return define<Input, 'source'>('source', component, { source });
}

/** Declares a system that can be written. */
export function defineSink<Options, Input>(
  component: string,
  sink: SinkSide<Options> & { readonly schema: z.ZodType<Options, Input> },
): Connector & ((options: Input) => SinkReference) {
  return define<Input, 'sink'>('sink', component, { sink });
}

/** Declares a system that can be read and written; where its name stands decides which options it takes. */
export function defineConnector<ReadOptions, ReadInput, WriteOptions, WriteInput>(
  component: string,
  sides: {
    readonly source: SourceSide<ReadOptions> & { readonly schema: z.ZodType<ReadOptions, ReadInput> };
    readonly sink: SinkSide<WriteOptions> & { readonly schema: z.ZodType<WriteOptions, WriteInput> };
  },
): Connector & ((options: ReadInput | WriteInput) => SourceReference & SinkReference) {
  return define<ReadInput | WriteInput, 'either'>('either', component, sides);
}

function define<Input, Kind extends 'source' | 'sink' | 'either'>(
  kind: Kind,
  component: string,
  sides: Pick<Connector, 'source' | 'sink'>,
) {
  const make = (options: Input) =>
    Object.freeze({ kind, connector: make as unknown as Connector, options: options as any, at: userLocation() });
  return Object.assign(make, { kind: 'connector' as const, component, ...sides });
}
