import { Command, CommanderError } from 'commander';
import { version } from '../core/version.ts';
import type { CommandFile, Doors } from './command.ts';
import { audit } from './commands/audit.ts';
import { backfill } from './commands/backfill.ts';
import { circuits } from './commands/circuits.ts';
import { compact } from './commands/compact.ts';
import { cursor } from './commands/cursor.ts';
import { deadLetters } from './commands/dead-letters.ts';
import { demo } from './commands/demo.ts';
import { errors } from './commands/errors.ts';
import { events } from './commands/events.ts';
import { fmt } from './commands/fmt.ts';
import { infer } from './commands/infer.ts';
import { lineage } from './commands/lineage.ts';
import { local } from './commands/local.ts';
import { pipeline } from './commands/pipeline.ts';
import { plan } from './commands/plan.ts';
import { put } from './commands/put.ts';
import { query } from './commands/query.ts';
import { rejects } from './commands/rejects.ts';
import { review } from './commands/review.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { schema } from './commands/schema.ts';
import { start } from './commands/start.ts';
import { table } from './commands/table.ts';
import { validate } from './commands/validate.ts';
import { faultsOf } from './describe-error.ts';
import { CommandUsageError } from './errors.ts';
import { Printer } from './print.ts';
import { showErrors } from './show-errors.ts';
import { usageError } from './usage-error.ts';

const commands: readonly CommandFile[] = [
  validate,
  infer,
  fmt,
  schema,
  plan,
  lineage,
  local,
  put,
  start,
  backfill,
  cursor,
  runs,
  run,
  rejects,
  review,
  errors,
  events,
  pipeline,
  audit,
  deadLetters,
  circuits,
  query,
  table,
  compact,
  demo,
];

/** Where a program writes. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Runs one command line. Returns the exit code: 0, 1 for a failure, 2 for a command that was written wrongly.
 * With `--json`, which may stand before or behind the command, stdout is one JSON value: the command's result as its
 * own docstring gives it, or `{ errors: [{ code, at?, part, problem, received?, allowed?, change }] }`.
 */
export async function runProgram(argv: readonly string[], doors: Doors, streams: Streams = process): Promise<number> {
  const printer = new Printer(streams.stdout, wantsJson(argv));
  let exitCode = 0;
  const program = new Command('penstock')
    .description('Data pipelines in TypeScript: checked, run here, deployed to AWS.')
    .version(version, '-V, --version', 'show the version')
    .configureOutput({ writeOut: (text) => streams.stdout.write(text), writeErr: () => {} })
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command');
  for (const command of commands) {
    command(program, (action) => async (...args) => {
      const code = await action({ printer, doors }, ...withoutJson(args));
      exitCode = typeof code === 'number' ? code : 0;
    });
  }
  prepare(program);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Help and version, once they are shown.
    if (error instanceof CommanderError) return 0;
    printer.data({ errors: faultsOf(error) });
    if (!printer.json) showErrors(error, streams.stderr);
    return error instanceof CommandUsageError ? 2 : 1;
  }
}

/** What holds for every command, however deep. */
function prepare(command: Command): void {
  // An inner command may have options of the same names: what stands behind its name is its own.
  command.enablePositionalOptions();
  command.option('--json', 'write the result as JSON').exitOverride((error) => {
    throw error.exitCode === 0 ? error : usageError(error, command);
  });
  for (const inner of command.commands) prepare(inner);
}

/** How a result is written is the printer's matter: to a command that takes the rest of its options for a filter, it is none. */
function withoutJson<Arguments extends unknown[]>(args: Arguments): Arguments {
  return args.map((one, index) => {
    if (index !== args.length - 2) return one;
    const { json: _, ...options } = one as Record<string, unknown>;
    return options;
  }) as Arguments;
}

/** Read before the rest, because a command that cannot be read is to be answered in JSON, too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}
