import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PipelineName } from './pipelines.ts';
import { type Task, type TasksOptions, takeTask, tasksOf } from './tasks.ts';

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

export interface PlayAllOptions extends TasksOptions {
  /** After which no further history is begun. Default: none. */
  readonly seconds?: number;
  /** Processes side by side. Default: one more than there are processors. */
  readonly processes?: number;
  /** Told what each part took, and each failure, in words. */
  readonly tell: (line: string) => void;
}

/** Each waits a sixth of its time, for threads of DuckDB, for files and for what nobody can see. */
const oneMore = availableParallelism() + 1;

/** Plays the suite in several processes, for time and chances are those of a process. */
export async function playAll(options: PlayAllOptions): Promise<Report> {
  const { processes = oneMore } = options;
  const common = {
    ...options,
    tasks: [...tasksOf(options)],
    shared: mkdtempSync(join(temporary, 'penstock-faults-')),
  };
  try {
    const shards = await Promise.all(Array.from({ length: processes }, () => playShard(common)));
    const names = Object.keys(shards[0]!) as (keyof Report)[];
    return Object.fromEntries(names.map((name) => [name, shards.reduce((sum, one) => sum + one[name], 0)])) as never;
  } finally {
    rmSync(common.shared, { recursive: true });
  }
}

/**
 * Each call makes much that is soon of no use: room for it halves what collecting it costs. And what lives is large: it is
 * not looked through for each few megabytes of buffers. Functions are the same few all the time: V8 need not wait for
 * calls of them before it begins to learn what they are called with.
 */
const flags = [
  '--no-warnings',
  '--max-semi-space-size=64',
  '--external-memory-accounted-in-global-limit',
  '--initial-old-space-size=704',
  '--no-lazy-feedback-allocation',
];
/** Files of a history are small and gone after it. */
const memory = '/dev/shm';
const temporary = existsSync(memory) ? memory : tmpdir();

interface Common extends PlayAllOptions {
  /** Those that are left. */
  readonly tasks: Task[];
  /** Folder of what one of them finds out for all. */
  readonly shared: string;
}

/** One process, which takes a task whenever it has done one. */
async function playShard({ tasks, shared, seconds, tell }: Common): Promise<Report> {
  const words = ['--shared', shared, ...(seconds === undefined ? [] : ['--seconds', String(seconds)])];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'shard.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const played = new Set<PipelineName>();
  child.on('message', () => {
    const task = takeTask(tasks, played);
    if (task) played.add(task.pipeline);
    child.send(task ?? 'none');
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let last = '';
  for await (const line of createInterface({ input: child.stdout! })) {
    if (last !== '') tell(last);
    last = line;
  }
  const status = await ended;
  if (status === 0) return JSON.parse(last) as Report;
  throw new Error(`a process that plays histories ended with ${status}: ${last}`);
}
