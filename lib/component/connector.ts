import type * as z from 'zod';
import type { Classification } from './plan.ts';
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
  /** Columns whose values name the folder of a file, outermost first. */
  partitionBy(options: Options): readonly string[];
  /** What becomes of the rows that are there already. */
  mode(options: Options): 'append' | 'replace';
  /** The most confined columns that may be written. Absent, or undefined: all but restricted ones. */
  clearedFor?(options: Options): Classification | undefined;
}

export interface SinkCapabilities {
  /** What a reader can see of a run that was repeated in part. */
  readonly delivery: 'exactly-once' | 'at-least-once';
}

/** A source with its options, where the user put it. */
export interface SourceReference {
  readonly kind: 'source';
  readonly connector: Connector;
  readonly options: Readonly<Record<string, unknown>>;
  readonly at?: string;
  /** Finds parts of the options. */
  readonly locate?: Locate;
}

/** A sink with its options, where the user put it. */
export interface SinkReference {
  readonly kind: 'sink';
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
  const make = (options: Input): SourceReference =>
    Object.freeze({
      kind: 'source' as const,
      connector: make as Connector & typeof make,
      options: options as any,
      at: userLocation(),
    });
  return Object.assign(make, { kind: 'connector' as const, component, source });
}

/** Declares a system that can be written. */
export function defineSink<Options, Input>(
  component: string,
  sink: SinkSide<Options> & { readonly schema: z.ZodType<Options, Input> },
): Connector & ((options: Input) => SinkReference) {
  const make = (options: Input): SinkReference =>
    Object.freeze({
      kind: 'sink' as const,
      connector: make as Connector & typeof make,
      options: options as any,
      at: userLocation(),
    });
  return Object.assign(make, { kind: 'connector' as const, component, sink });
}
