import type { Command } from 'commander';
import type { Plan } from '../component/plan.ts';
import type { Printer } from './print.ts';

/** What the command line is given by its entry point, because it may not reach for it itself. */
export interface Doors {
  /** Writes the cloud assembly of these pipelines and returns its folder. */
  synthesize(pipelines: readonly { readonly file: string; readonly plan: Plan }[], outdir: string): Promise<string>;
}

export interface CommandContext {
  readonly printer: Printer;
  readonly doors: Doors;
}

/** A file of `commands/`: adds itself to the program. `act` gives an action its context, and ends the process rightly. */
export type CommandFile = (
  program: Command,
  act: <Arguments extends unknown[]>(
    action: (context: CommandContext, ...args: Arguments) => Promise<number | void>,
  ) => (...args: Arguments) => Promise<void>,
) => void;
