import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PipelineName } from './pipelines.ts';
import { type Task, type TasksOptions, takeTask, tasksOf } from './tasks.ts';

/** The tally of a shard. What making a process ready takes is told of the part that it begins with. */
export interface ShardReport extends Readonly<Record<`${Task['part']}${'Histories' | 'CpuSeconds'}`, number>> {
  readonly histories: number;
  readonly calls: number;
  readonly effects: number;
  readonly left: number;
  readonly survived: number;
  readonly failed: number;
  readonly cpuSeconds: number;
}

/** The tallies of all shards together, and when the last of each part was over, in seconds since the first one began. */
export interface Report extends ShardReport, Readonly<Record<`${Task['part']}Seconds`, number>> {}

export interface PlayAllOptions extends TasksOptions {
  /** After which no further history is begun. Default: none. */
  readonly seconds?: number;
  /** Processes side by side. Default: as many as there are processors. */
  readonly processes?: number;
  /** Told what each part took, and each failure, in words. */
  readonly tell: (line: string) => void;
}

/** One more would have to learn what the others know, a sixth more CPU time in all, and wait for them. */
const asProcessors = availableParallelism();

/** Plays the suite in several processes, for time and chances are those of a process. */
export async function playAll(options: PlayAllOptions): Promise<Report> {
  const { processes = asProcessors } = options;
  const began = performance.now();
  const over: Record<`${Task['part']}Seconds`, number> = { systematicSeconds: 0, randomSeconds: 0, casesSeconds: 0 };
  const common: Common = {
    ...options,
    tasks: [...tasksOf(options)],
    shared: mkdtempSync(join(temporary, 'penstock-faults-')),
    isOver: ({ part }) => {
      over[`${part}Seconds`] = (performance.now() - began) / 1000;
    },
  };
  try {
    const shards = await Promise.all(Array.from({ length: processes }, () => playShard(common)));
    const names = Object.keys(shards[0]!) as (keyof ShardReport)[];
    const sums = Object.fromEntries(names.map((name) => [name, shards.reduce((sum, one) => sum + one[name], 0)]));
    return { ...(sums as unknown as ShardReport), ...over };
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
  /** Told of a task that one of them has done. */
  readonly isOver: (task: Task) => void;
}

/** One process, which takes a task whenever it has done one. */
async function playShard({ tasks, shared, seconds, tell, isOver }: Common): Promise<ShardReport> {
  const words = ['--shared', shared, ...(seconds === undefined ? [] : ['--seconds', String(seconds)])];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'shard.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const played = new Set<PipelineName>();
  let task: Task | undefined;
  child.on('message', () => {
    if (task) isOver(task);
    task = takeTask(tasks, played);
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
  if (status === 0) return JSON.parse(last) as ShardReport;
  throw new Error(`a process that plays histories ended with ${status}: ${last}`);
}
