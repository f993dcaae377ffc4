import { Command } from 'commander';
import type { CommandFile, Doors } from './command.ts';
import { demo } from './commands/demo.ts';
import { local } from './commands/local.ts';
import { plan } from './commands/plan.ts';
import { put } from './commands/put.ts';
import { query } from './commands/query.ts';
import { rejects } from './commands/rejects.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { validate } from './commands/validate.ts';
import { faultsOf, showFault } from './describe-error.ts';
import { Printer } from './print.ts';

const commands: readonly CommandFile[] = [validate, plan, local, put, runs, run, rejects, query, demo];

/** Runs the command line. The exit code is 0, 1 for a failure, 2 for a command that was written wrongly. */
export async function runProgram(argv: readonly string[], doors: Doors): Promise<void> {
  const program = new Command('penstock')
    .description('Data pipelines in TypeScript: checked, run here, deployed to AWS.')
    .option('--json', 'write the result as JSON')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(see penstock --help)')
    .showSuggestionAfterError()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const command of commands) {
    command(program, (action) => async (...args) => {
      const printer = new Printer(process.stdout, jsonWanted(program, args.at(-1)));
      try {
        process.exitCode = (await action({ printer, doors }, ...args)) ?? 0;
      } catch (error) {
        const faults = faultsOf(error);
        printer.data({ errors: faults });
        const errors = new Printer(process.stderr, printer.json);
        for (const fault of faults) showFault(errors, fault);
        process.exitCode = 1;
      }
    });
  }
  for (const command of program.commands) withJson(command);
  await program.parseAsync(argv);
}

/** `--json` may stand before or behind the command. */
function withJson(command: Command): void {
  command
    .option('--json', 'write the result as JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const inner of command.commands) withJson(inner);
}

function jsonWanted(program: Command, command: unknown): boolean {
  return program.opts().json === true || (command instanceof Command && command.optsWithGlobals().json === true);
}
