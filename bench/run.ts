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
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    repeat: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
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
const document = await bench.measure({ repeat: Number(values.repeat), threads: Number(values.threads) });
if (values.json !== undefined) {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}
