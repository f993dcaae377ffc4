/** `npm run bench -- <name> [options]`: runs one measurement of this folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** A measurement: prints a table for people and returns a document for programs. */
export interface Bench {
  measure(options: BenchOptions): Promise<unknown>;
}

export interface BenchOptions {
  /** Interleaved repetitions; the median counts. */
  readonly repeat: number;
  readonly threads: number;
  /** Rows of generated input; benches that generate none pass over it. */
  readonly rows: number;
  readonly format: string;
  /** Who takes part; empty: all. */
  readonly engines: readonly string[];
  readonly memoryMegabytes: number;
  /** Parts that Penstock cuts the input into; `planned`: as many as the plan makes of it. */
  readonly chunks: number | 'planned';
  /** Measures how time and memory grow, and draws it, instead. */
  readonly growth: boolean;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    repeat: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    rows: { type: 'string', default: '1000000' },
    format: { type: 'string', default: 'csv' },
    engines: { type: 'string', default: '' },
    memory: { type: 'string', default: '1769' },
    chunks: { type: 'string', default: '1' },
    growth: { type: 'boolean', default: false },
  },
});
const [name] = positionals;
const file = join(import.meta.dirname, `${name}.bench.ts`);
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname).flatMap((one) => /^(.*)\.bench\.ts$/.exec(one)?.[1] ?? []);
  console.error(`there is no bench "${name ?? ''}"; there are: ${names.join(', ')}`);
  process.exit(2);
}
const bench: Bench = await import(file);
const document = await bench.measure({
  repeat: natural('repeat'),
  threads: natural('threads'),
  rows: natural('rows'),
  format: values.format,
  engines: values.engines.split(',').filter((engine) => engine !== ''),
  memoryMegabytes: natural('memory'),
  chunks: values.chunks === 'planned' ? 'planned' : natural('chunks'),
  growth: values.growth,
});
if (values.json !== undefined) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}

function natural(option: 'repeat' | 'threads' | 'rows' | 'memory' | 'chunks'): number {
  const number = Number(values[option]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  console.error(`--${option} is "${values[option]}"; it must be a whole number from 1 on`);
  process.exit(2);
}
