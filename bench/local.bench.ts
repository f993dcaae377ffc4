import { loadavg } from 'node:os';
import { measureDistributedMap } from './local/measure-distributed-map.ts';
import { measureFunctions } from './local/measure-functions.ts';
import { measureInterpreter } from './local/measure-interpreter.ts';
import { measureQueues } from './local/measure-queues.ts';
import { measureS3 } from './local/measure-s3.ts';
import { measureStart } from './local/measure-start.ts';
import { measureTables } from './local/measure-tables.ts';
import type { Row } from './local/row.ts';
import { hangUp } from './local/send.ts';
import type { BenchOption, BenchOptions } from './options.ts';

const parts = [
  measureInterpreter,
  measureDistributedMap,
  measureS3,
  measureQueues,
  measureTables,
  measureFunctions,
  measureStart,
];

export const takes: readonly BenchOption[] = ['repeat'];

/** Local AWS in figures: each contender in a process of its own, interleaved with its peer where npm has one. */
export async function measure({ repeat = 5 }: Partial<BenchOptions>) {
  const load = loadavg()[0]!;
  if (load > 1) console.warn(`the machine is busy (load ${load.toFixed(1)}): these figures say little`);
  const rows: Row[] = [];
  try {
    for (const part of parts) rows.push(...(await part(repeat)));
  } finally {
    hangUp();
  }
  console.table(rows);
  const missed = rows.filter(({ ratio, target }) => ratio !== undefined && target !== undefined && ratio < target);
  for (const { what, ratio, target } of missed) console.log(`${what}: ${ratio} times its peer, wanted ${target}`);
  return { repeat, load, rows };
}
