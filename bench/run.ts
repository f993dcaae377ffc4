/** `npm run bench -- <name> [options]`: runs one measurement of this folder. Ends with 2 where it was asked wrongly. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { CommandUsageError } from '../lib/cli/errors.ts';
import { showErrors } from '../lib/cli/show-errors.ts';
import { type BenchOption, type BenchOptions, readOptions } from './options.ts';

/** A measurement: prints a table for people and returns a document for programs. */
export interface Bench {
  readonly takes: readonly BenchOption[];
  measure(options: Partial<BenchOptions>): Promise<unknown>;
}

try {
  const [name, ...argv] = process.argv.slice(2);
  const bench: Bench = await import(fileOf(name));
  const { options, json } = readOptions(name!, bench.takes, argv);
  const document = await bench.measure(options);
  // Figures of engines that did other work than we say little.
  if ((document as { readonly equalResults?: boolean }).equalResults === false) process.exitCode = 1;
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
} catch (error) {
  // Help, once it is shown.
  if (!(error instanceof CommanderError)) {
    showErrors(error, process.stderr);
    process.exitCode = error instanceof CommandUsageError ? 2 : 1;
  }
}

function fileOf(name: string | undefined): string {
  const file = join(import.meta.dirname, `${name}.bench.ts`);
  if (name !== undefined && existsSync(file)) return file;
  throw new CommandUsageError({
    problem: name === undefined ? 'a bench is missing' : 'there is no such bench',
    received: name ?? 'nothing',
    allowed: readdirSync(import.meta.dirname).flatMap((one) => /^(.*)\.bench\.ts$/.exec(one)?.[1] ?? []),
    change: 'write e.g. `npm run bench -- engine`',
  });
}
