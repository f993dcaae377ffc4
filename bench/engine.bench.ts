import { statSync } from 'node:fs';
import { dataMegabytes } from '../lib/engine/session.ts';
import { contenders, unable } from './engine/contenders.ts';
import { type Go, go } from './engine/go.ts';
import { measureGrowth } from './engine/growth.ts';
import { inputOf } from './engine/input.ts';
import type { OrderFormat } from './engine/job.ts';
import { measureUserFunction } from './engine/user-function.ts';
import { median } from './median.ts';
import type { BenchOptions } from './run.ts';

const formats: readonly string[] = ['csv', 'ndjson', 'parquet'] satisfies OrderFormat[];

/**
 * The standard job: generated orders, one in a hundred dirty, held against their contract, deduplicated, filtered,
 * derived, joined, grouped and written as partitioned Parquet with a quality report. Penstock's stage handlers beside a
 * hand-written DuckDB script and peers, interleaved; what they write is compared.
 */
export async function measure(options: BenchOptions) {
  if (!formats.includes(options.format))
    throw new TypeError(`--format is "${options.format}"; there are ${formats.join(', ')}`);
  const unknown = options.engines.find((name) => !(name in contenders));
  if (unknown !== undefined)
    throw new TypeError(`--engines names "${unknown}"; there are ${Object.keys(contenders).join(', ')}`);
  return options.growth ? measureGrowth(options) : compare(options);
}

async function compare({ repeat, threads, rows, engines, memoryMegabytes, chunks, ...options }: BenchOptions) {
  const format = options.format as OrderFormat;
  const files = await inputOf(rows, format);
  const asked = engines.length > 0 ? engines : Object.keys(contenders);
  const leftOut = asked.flatMap((name) => {
    const why = unable(name, { format });
    return why === undefined ? [] : [{ name, why }];
  });
  const names = asked.filter((name) => unable(name, { format }) === undefined);
  const goes = new Map<string, Go[]>(names.map((name) => [name, []]));
  for (let round = 0; round < repeat; round++)
    for (const name of names)
      goes.get(name)!.push(await go(name, { ...files, format, rows, threads, memoryMegabytes, chunks }));
  const all = names.map((name) => ({ name, ...summary(goes.get(name)!, rows) }));
  const of = (name: string) => all.find((one) => one.name === name);
  const ratio = (name: string) => {
    const [own, other] = [of('penstock'), of(name)];
    return own && other ? Number((own.seconds / other.seconds).toFixed(2)) : undefined;
  };
  const digests = new Set([...goes.values()].flat().flatMap(({ digest }) => (digest ? [JSON.stringify(digest)] : [])));
  const own = of('penstock');
  const document = {
    rows,
    format,
    threads,
    repeat,
    memoryMegabytes,
    chunks,
    inputBytes: statSync(files.orders).size,
    equalResults: digests.size === 1,
    ratioToHandWritten: ratio('by-hand'),
    ratioToFloor: ratio('floor'),
    memory: own && memoryOf(own, memoryMegabytes),
    engines: all.filter(({ name }) => name !== 'floor'),
    floor: of('floor'),
    userFunction: names.includes('penstock') ? await measureUserFunction() : undefined,
    leftOut,
    results: [...digests].map((digest) => JSON.parse(digest)),
  };
  console.table(all);
  console.log(
    `penstock ÷ by hand ${document.ratioToHandWritten} (target 1.2), ÷ floor ${document.ratioToFloor}; equal results: ${document.equalResults}`,
  );
  if (document.memory)
    console.log(
      `memory: ${document.memory.dataBytes} bytes for data, ${document.memory.ratioToBudget} of the budget of a function of ${memoryMegabytes} MB (target 1.3)`,
    );
  if (document.userFunction)
    console.log(
      `user function: ${document.userFunction.rowsPerSecond} rows a second in its step; ${document.userFunction.rowsPerCpuSecond} a CPU second for the whole chunk`,
    );
  for (const { name, why } of leftOut) console.log(`${name} is left out: ${why}`);
  return document;
}

/** What the process took for data, beyond what it held before, against what the engine may fill in such a function. */
function memoryOf({ peakBytes, baseBytes }: { peakBytes: number; baseBytes: number }, memoryMegabytes: number) {
  const [dataBytes, budgetBytes] = [peakBytes - baseBytes, dataMegabytes(memoryMegabytes) * 1e6];
  return { peakBytes, baseBytes, dataBytes, budgetBytes, ratioToBudget: Number((dataBytes / budgetBytes).toFixed(2)) };
}

/** Medians over the goes of one contender. */
export function summary(goes: readonly Go[], rows: number) {
  const seconds = median(goes.map((one) => one.seconds));
  return {
    seconds: Number(seconds.toFixed(3)),
    cpuSeconds: Number(median(goes.map((one) => one.cpuSeconds)).toFixed(2)),
    peakBytes: median(goes.map((one) => one.peakBytes)),
    baseBytes: median(goes.map((one) => one.baseBytes)),
    rowsPerSecond: Math.round(rows / seconds),
  };
}
