/** One go of the flights job in a process of its own: `node bench/flights-work.ts engine|by-hand <folder> <threads>`. */
import { join } from 'node:path';
import { samplePath } from '../lib/cli/sample-files.ts';
import { compile } from '../lib/compiler/index.ts';
import { captureReference, executeChunk } from '../lib/engine/index.ts';
import { connectors } from '../lib/registry/connectors.ts';
import { operators } from '../lib/registry/operators.ts';
import flights from '../pipelines/flights.ts';
import { flightsByHand } from './flights-by-hand.ts';

const [which, folder, threadsText] = process.argv.slice(2);
const threads = Number(threadsText);
const memoryMegabytes = 3008;
const files = { flights: samplePath('flights-3m.parquet'), airports: samplePath('airports.csv') };

async function engine(): Promise<{ flights: number; delays: number; milliseconds: number }> {
  const plan = await compile(flights);
  const start = performance.now();
  const components = { ...operators, ...connectors };
  const common = { plan, components, memoryMegabytes, threads };
  const reference = await captureReference({
    ...common,
    node: 'airports',
    inputs: [{ path: files.airports, key: 'reference/airports.csv', of: 'airports', file: 0 }],
    at: 0,
    workFolder: join(folder!, 'reference'),
  });
  const result = await executeChunk({
    ...common,
    stage: 'process',
    chunk: '000000',
    solo: true,
    inputs: [{ path: files.flights, key: 'landing/flights/flights-3m.parquet', of: 'flights', file: 0 }],
    references: { airports: reference.path },
    partitions: 1,
    at: 0,
    workFolder: join(folder!, 'chunk'),
  });
  const rows = (node: string) =>
    result.files.filter((file) => file.of === node).reduce((sum, file) => sum + file.rows, 0);
  return {
    flights: rows('table.flights'),
    delays: rows('table.flight_delays'),
    milliseconds: performance.now() - start,
  };
}

async function byHand(): Promise<{ flights: number; delays: number; milliseconds: number }> {
  const start = performance.now();
  const rows = await flightsByHand({
    ...files,
    folder: folder!,
    threads,
    memoryLimit: `${Math.floor(memoryMegabytes * 0.4)}MB`,
  });
  return { ...rows, milliseconds: performance.now() - start };
}

const result = await (which === 'engine' ? engine() : byHand());
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({ ...result, peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }),
);
