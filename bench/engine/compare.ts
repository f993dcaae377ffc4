import { statSync } from 'node:fs';
import { dataMegabytes } from '../../lib/core/data-budget.ts';
import { median } from '../median.ts';
import { leftOut } from './contenders.ts';
import { type Go, go } from './go.ts';
import { inputOf } from './input.ts';
import type { JobOptions } from './job.ts';
import { measureUserFunction } from './user-function.ts';

export interface CompareOptions extends Pick<JobOptions, 'rows' | 'format' | 'threads' | 'memoryMegabytes' | 'chunks'> {
  readonly engines: readonly string[];
  /** Interleaved repetitions. */
  readonly repeat: number;
}

/** The standard job by each engine in turn, so many times; medians. Ratios are null where one of the two took no part. */
export async function compareEngines({ engines, repeat, ...job }: CompareOptions) {
  const { rows, format, memoryMegabytes } = job;
  const out = new Map<string, string>();
  for (const name of engines) {
    const why = leftOut(name, format);
    if (why !== undefined) out.set(name, why);
  }
  const files = await inputOf(rows, format);
  const goes = new Map<string, Go[]>();
  for (let round = 0; round < repeat; round++) {
    for (const name of inRound(engines, round).filter((one) => !out.has(one))) {
      try {
        goes.set(name, [...(goes.get(name) ?? []), await go(name, { ...files, ...job })]);
      } catch (error) {
        // A peer that gives up is a result, too. Penstock may not.
        if (name === 'penstock') throw error;
        out.set(name, (error as Error).message);
        goes.delete(name);
      }
    }
  }
  const all = [...goes].map(([name, times]) => ({ name, ...summary(times, rows) }));
  const of = (name: string) => all.find((one) => one.name === name);
  const own = of('penstock');
  const ratio = (name: string) => {
    const other = of(name);
    return own && other ? Number((own.seconds / other.seconds).toFixed(2)) : null;
  };
  const results = resultsOf(goes);
  const document = {
    ...job,
    repeat,
    inputBytes: statSync(files.orders).size,
    equalResults: results.length <= 1,
    ratioToHandWritten: ratio('by-hand'),
    ratioToFloor: ratio('floor'),
    memory: own ? memoryOf(own, memoryMegabytes) : null,
    engines: all.filter(({ name }) => name !== 'floor'),
    floor: of('floor') ?? null,
    userFunction: own ? await measureUserFunction() : null,
    leftOut: [...out].map(([name, why]) => ({ name, why })),
    results,
  };
  show(document);
  return document;
}

/**
 * Each begins a round once, and every other round goes backwards: who comes behind one that has written much to disk shares
 * the machine with what is still on its way there.
 */
function inRound(engines: readonly string[], round: number): readonly string[] {
  const first = round % engines.length;
  const order = [...engines.slice(first), ...engines.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

type Comparison = Awaited<ReturnType<typeof compareEngines>>;

/** Each result that was found, and who found it. */
function resultsOf(goes: ReadonlyMap<string, readonly Go[]>) {
  const found = new Map<string, Set<string>>();
  for (const [name, times] of goes)
    for (const { digest } of times) {
      const text = digest && JSON.stringify(digest);
      if (text) found.set(text, (found.get(text) ?? new Set()).add(name));
    }
  return [...found].map(([text, names]) => ({ by: [...names], ...JSON.parse(text) }));
}

function show(document: Pick<Comparison, keyof Comparison>): void {
  const { engines, floor, memory, userFunction, results } = document;
  console.table(floor ? [...engines, floor] : engines);
  const against = (what: string, ratio: number | null, target = '') =>
    ratio === null ? `÷ ${what} not measured` : `÷ ${what} ${ratio}${target}`;
  if (memory)
    console.log(
      `penstock ${against('by hand', document.ratioToHandWritten, ' (target 1.2)')}, ${against('floor', document.ratioToFloor)}`,
    );
  if (engines.length < 2) console.log('equal results: one engine alone has nothing to be compared with');
  else console.log(`equal results: ${document.equalResults}`);
  if (!document.equalResults)
    for (const { by, ...digest } of results) console.log(`${by.join(', ')}: ${JSON.stringify(digest)}`);
  if (memory)
    console.log(
      `memory: ${memory.dataBytes} bytes for data, ${memory.ratioToBudget} of the budget of a function of ${document.memoryMegabytes} MB (target 1.3)`,
    );
  if (userFunction)
    console.log(
      `user function: ${userFunction.rowsPerSecond} rows a second in its step; ${userFunction.rowsPerCpuSecond} a CPU second for the whole chunk`,
    );
  for (const { name, why } of document.leftOut) console.log(`${name} is left out: ${why}`);
}

/** What the process took for data, beyond what it held before, against what the engine may fill in such a function. */
function memoryOf({ peakBytes, baseBytes }: { peakBytes: number; baseBytes: number }, memoryMegabytes: number) {
  const [dataBytes, budgetBytes] = [peakBytes - baseBytes, dataMegabytes(memoryMegabytes) * 1e6];
  return { peakBytes, baseBytes, dataBytes, budgetBytes, ratioToBudget: Number((dataBytes / budgetBytes).toFixed(2)) };
}

/** Medians over the goes of one contender. */
function summary(goes: readonly Go[], rows: number) {
  const seconds = median(goes.map((one) => one.seconds));
  return {
    seconds: Number(seconds.toFixed(3)),
    cpuSeconds: Number(median(goes.map((one) => one.cpuSeconds)).toFixed(2)),
    peakBytes: median(goes.map((one) => one.peakBytes)),
    baseBytes: median(goes.map((one) => one.baseBytes)),
    rowsPerSecond: Math.round(rows / seconds),
  };
}
