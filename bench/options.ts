import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { CommandUsageError } from '../lib/cli/errors.ts';
import { usageError } from '../lib/cli/usage-error.ts';

/** What a bench is asked. Each bench says which of these it takes; the others are refused. */
export interface BenchOptions {
  /** Interleaved repetitions; the median counts. Default 5. */
  readonly repeat: number;
  /** Default 2. */
  readonly threads: number;
  /** Rows of generated input. Default 1,000,000; with `growth` the most rows, 10,000,000. */
  readonly rows: number;
  /** `csv` (default), `ndjson` or `parquet`. */
  readonly format: string;
  /** Who takes part. Default: all. */
  readonly engines: readonly string[];
  /** Of the function that Penstock's engine stands in, in MB. Default 1,769, where Lambda gives a whole processor. */
  readonly memory: number;
  /** Parts that Penstock cuts the input into, 1 by default; `planned`: as many as the plan makes of it. */
  readonly chunks: number | 'planned';
  /** Measures how time and memory grow, and draws it, instead. Default false. */
  readonly growth: boolean;
  /** Generated histories to be played. Default 200. */
  readonly histories: number;
  /** The seed of the first of them. Default 0. */
  readonly from: number;
  /** Files that are dropped at once. Default 1,000. */
  readonly files: number;
  /** Parts of the bench to be measured. Default: all. */
  readonly only: readonly string[];
}

export type BenchOption = keyof BenchOptions;

interface Known {
  readonly flags: string;
  readonly what: string;
  /** Given the option as well, for what it says when it cannot read a value. */
  readonly read?: (text: string, option: string) => BenchOptions[BenchOption];
}

const known: Readonly<Record<BenchOption, Known>> = {
  repeat: { flags: '--repeat <n>', what: 'interleaved repetitions; the median counts (default 5)', read: number },
  threads: { flags: '--threads <n>', what: 'threads of each engine (default 2)', read: number },
  rows: { flags: '--rows <n>', what: 'rows of generated input (default 1000000)', read: number },
  format: { flags: '--format <name>', what: 'csv, ndjson or parquet (default csv)', read: (text) => text },
  engines: { flags: '--engines <a,b>', what: 'who takes part (default all)', read: names },
  memory: { flags: '--memory <MB>', what: 'of the function that it stands for (default 1769)', read: megabytes },
  chunks: { flags: '--chunks <n>', what: 'parts of the input, or "planned" (default 1)', read: parts },
  growth: { flags: '--growth', what: 'how time and memory grow, as a table and a plot in docs/figures' },
  histories: { flags: '--histories <n>', what: 'generated histories (default 200)', read: number },
  from: { flags: '--from <n>', what: 'seed of the first history (default 0)', read: seed },
  files: { flags: '--files <n>', what: 'files dropped at once (default 1000)', read: number },
  only: { flags: '--only <a,b>', what: 'parts of the bench (default all)', read: names },
};

export interface Asked {
  /** What was given; a bench knows its own defaults. */
  readonly options: Partial<BenchOptions>;
  /** Where the document goes. */
  readonly json?: string;
}

/** Reads the options that a bench takes. Throws `CommandUsageError` in four parts, `CommanderError` once help is shown. */
export function readOptions(name: string, takes: readonly BenchOption[], argv: readonly string[]): Asked {
  const command = new Command(`npm run bench -- ${name}`)
    .helpOption('-h, --help', 'show help')
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : usageError(error, command);
    })
    .option('--json <file>', 'write the document there', writable);
  for (const { flags, what, read } of takes.map((one) => known[one]))
    if (read) command.option(flags, what, (text: string) => read(text, flags.split(' ')[0]!));
    else command.option(flags, what);
  command.parse(argv, { from: 'user' });
  const { json, ...options } = command.opts();
  return { options, json };
}

function number(text: string, option: string): number {
  if (isWhole(text) && Number(text) > 0) return Number(text);
  throw wrong(option, text, 'a whole number from 1 on');
}

function seed(text: string, option: string): number {
  if (isWhole(text)) return Number(text);
  throw wrong(option, text, 'a whole number from 0 on');
}

const isWhole = (text: string) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text));

function megabytes(text: string, option: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 128 && value <= 10_240) return value;
  throw wrong(option, text, '128 to 10240, the megabytes that a function can have');
}

function parts(text: string, option: string): number | 'planned' {
  return text === 'planned' ? text : number(text, option);
}

function names(text: string, option: string): string[] {
  const all = text.split(',').map((one) => one.trim());
  if (all.every((one) => one !== '')) return [...new Set(all)];
  throw wrong(option, text, 'names with commas between them');
}

/** The parts of a bench that are asked for. Throws `CommandUsageError` where there is no such part. */
export function chosenParts<Part extends string>(parts: readonly Part[], only?: readonly string[]): readonly Part[] {
  if (only === undefined) return parts;
  const unknown = only.filter((name) => !(parts as readonly string[]).includes(name));
  if (unknown.length === 0) return parts.filter((part) => only.includes(part));
  throw new CommandUsageError({
    problem: 'there is no such part of this bench',
    received: unknown.join(', '),
    allowed: [...parts],
    change: 'name parts that there are, or leave --only out',
  });
}

/** Asked before an hour of measuring has gone by. */
function writable(text: string): string {
  const path = resolve(text);
  const place = existsSync(path) ? path : dirname(path);
  try {
    accessSync(place, constants.W_OK);
    if (place !== path || !statSync(path).isDirectory()) return path;
  } catch {}
  throw wrong('--json', text, 'a file in a folder that exists');
}

function wrong(option: string, text: string, allowed: string): CommandUsageError {
  return new CommandUsageError({
    problem: `${option} cannot be that`,
    received: text === '' ? 'nothing' : text,
    allowed,
    change: `give ${option} one of what is allowed`,
  });
}
