import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The tallies of all shards together. */
export interface Report {
  readonly histories: number;
  readonly calls: number;
  readonly effects: number;
  readonly left: number;
  readonly survived: number;
  readonly failed: number;
  readonly casesHistories: number;
  readonly systematicHistories: number;
  readonly randomHistories: number;
  readonly cpuSeconds: number;
}

export interface PlayAllOptions {
  /** Seeds to be played; fewer where the time is over before. */
  readonly histories: number;
  /** First seed. Default 0. */
  readonly from?: number;
  /** After which no further history is begun. Default: none. */
  readonly seconds?: number;
  readonly systematic?: boolean;
  readonly cases?: boolean;
  /** Processes side by side. Default 2. */
  readonly processes?: number;
  /** Told each failure, in words. */
  readonly tell: (line: string) => void;
}

/** Plays the suite in several processes, for time and chances are those of a process. */
export async function playAll(options: PlayAllOptions): Promise<Report> {
  const { processes = 2 } = options;
  const shards = await Promise.all(
    Array.from({ length: processes }, (_, shard) => playShard(shard, processes, options)),
  );
  const names = Object.keys(shards[0]!) as (keyof Report)[];
  return Object.fromEntries(names.map((name) => [name, shards.reduce((sum, one) => sum + one[name], 0)])) as never;
}

/** Each call makes much that is soon of no use: room for it halves what collecting it costs. */
const flags = ['--no-warnings', '--max-semi-space-size=64'];
/** Files of a history are small and gone after it. */
const memory = '/dev/shm';

async function playShard(shard: number, of: number, options: PlayAllOptions): Promise<Report> {
  const { histories, from = 0, seconds, systematic, cases, tell } = options;
  const words = [
    ...['--shard', shard, '--of', of, '--histories', histories, '--from', from],
    ...(seconds === undefined ? [] : ['--seconds', seconds]),
    ...(systematic ? ['--systematic'] : []),
    ...(cases ? ['--cases'] : []),
  ].map(String);
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'shard.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(existsSync(memory) && { TMPDIR: memory }) },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (last !== '') tell(last);
    last = line;
  }
  const status = await ended;
  if (status === 0) return JSON.parse(last) as Report;
  throw new Error(`shard ${shard} of ${of} ended with ${status}: ${last}`);
}
