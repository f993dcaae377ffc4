import type { Command } from 'commander';
import type { Format } from '../component/connector.ts';
import type { CallSource } from '../component/operator.ts';
import type { Plan } from '../component/plan.ts';
import type { Printer } from './print.ts';

/** What the command line is given by its entry point, because it may not reach for it itself. */
export interface Doors {
  /** Writes the cloud assembly of these pipelines and returns its folder. */
  synthesize(pipelines: readonly PipelineFile[], outdir: string): Promise<string>;
  /** Synthesizes the project into `outdir` as its files are each time, in processes of their own. */
  synthesizer(outdir: string): Synthesizer;
  /** What the pipelines' stacks and the platform's cost a month while nothing runs, by stack name. */
  idleCosts(pipelines: readonly PipelineFile[]): Promise<IdleCosts>;
  /** What a run over an input of so many bytes, as they are stored, would take. */
  estimate(plan: Plan, input: { readonly bytes: number; readonly format: Format['kind'] }): Promise<RunEstimate>;
}

/** Synthesizes the project again and again. */
export interface Synthesizer {
  /**
   * Resolves to the folder of the cloud assembly; rejects with what is wrong with the project. One at a time. `afresh`
   * loads everything anew and takes longer; else only what stands in `pipelines/`, and what it alone imports, is.
   */
  synthesize(options?: { readonly afresh?: boolean }): Promise<string>;
  close(): void;
}

/** A compiled pipeline and the file that it comes from. */
export interface PipelineFile {
  readonly file: string;
  readonly plan: Plan;
  /** Modules of the user's functions by node id, where they do not stand in `file`. */
  readonly functions?: Readonly<Record<string, CallSource>>;
}

export interface IdleCosts {
  readonly stacks: Readonly<Record<string, IdleCost>>;
  /** US dollars a month of all stacks together in an account that uses its free monthly amounts for nothing else. */
  readonly dollarsAfterFree: number;
}

export interface IdleCost {
  readonly items: readonly {
    readonly what: string;
    readonly quantity: number;
    readonly unit: string;
    readonly dollars: number;
  }[];
  /** US dollars a month at list price. */
  readonly dollars: number;
}

/** Time, cost and quotas of a run. */
export interface RunEstimate {
  readonly bytes: number;
  readonly format: string;
  /** True where all stages run in one chunk. */
  readonly solo: boolean;
  readonly stages: readonly {
    readonly stage: string;
    readonly chunks: number;
    /** Those of them that no row comes to. */
    readonly empty: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly chunkSeconds: number;
    readonly arithmetic: string;
    readonly seconds: number;
    readonly concurrency: number;
  }[];
  readonly seconds: number;
  readonly items: readonly (IdleCost['items'][number] & { readonly price: number; readonly arithmetic: string })[];
  /** US dollars at list price. */
  readonly dollars: number;
  readonly quotas: readonly {
    readonly quota: string;
    readonly limit: number;
    readonly used: number;
    readonly unit: string;
    readonly share: number;
    readonly arithmetic: string;
    readonly change: string;
  }[];
  readonly first?: {
    readonly quota: string;
    readonly limit: number;
    readonly unit: string;
    readonly change: string;
    readonly atBytes: number;
  };
  readonly assumes: readonly string[];
}

export interface CommandContext {
  readonly printer: Printer;
  readonly doors: Doors;
}

/** A file of `commands/`: adds itself to the program. `act` gives an action its context, and takes its exit code. */
export type CommandFile = (
  program: Command,
  act: <Arguments extends unknown[]>(
    action: (context: CommandContext, ...args: Arguments) => Promise<unknown>,
  ) => (...args: Arguments) => Promise<void>,
) => void;
