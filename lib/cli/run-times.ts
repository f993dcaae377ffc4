import { callPhase } from '../engine/chunk.ts';
import type { LedgerRecord, Run } from './find-run.ts';

/** How long a part of a run took, by the clock on the wall. */
export interface StageTime {
  /** `Initialize`, `Extract`, `Process`, `Reduce 1`…, `Assess`, `Review`, `Publish`, `Commit`, `Compensate`. */
  readonly stage: string;
  readonly milliseconds: number;
}

/** What the workers of a stage did. */
export interface StageWork {
  readonly stage: string;
  readonly chunks: number;
  /** Summed over chunks: fetching, computing, storing. */
  readonly milliseconds: number;
  /** Most memory that one worker held. */
  readonly peakMemoryBytes: number;
}

/** What a function of the user did in all chunks. */
export interface FunctionSpeed {
  /** Step that calls it. */
  readonly step: string;
  readonly rows: number;
  /** Summed over chunks; the way of the rows to the function and back included. */
  readonly milliseconds: number;
}

/** The parts of a chunk's work that do not overlap; the engine's own are within `compute`. */
const parts = ['fetch', 'compute', 'store'] as const;

/** `process` → `Process`, `reduce-1` → `Reduce 1`. */
export function stageTitle(stage: string): string {
  return `${stage.charAt(0).toUpperCase()}${stage.slice(1)}`.replace('-', ' ');
}

export function stageWork(records: readonly LedgerRecord[]): StageWork[] {
  const chunked = records.filter(({ stage }) => stage !== 'extract');
  return [...Map.groupBy(chunked, ({ stage }) => stage)].map(([stage, chunks]) => ({
    stage,
    chunks: chunks.length,
    milliseconds: chunks.reduce(
      (sum, one) => sum + parts.reduce((all, part) => all + (one.milliseconds[part] ?? 0), 0),
      0,
    ),
    peakMemoryBytes: Math.max(...chunks.map((one) => one.peakMemoryBytes)),
  }));
}

export function functionSpeeds(records: readonly LedgerRecord[]): FunctionSpeed[] {
  const calls = records.flatMap(({ milliseconds, steps }) =>
    Object.entries(milliseconds)
      .filter(([phase]) => phase.startsWith(callPhase))
      .map(([phase, spent]) => {
        const step = phase.slice(callPhase.length);
        return { step, rows: steps.find(({ node }) => node === step)?.rowsIn ?? 0, milliseconds: spent };
      }),
  );
  return [...Map.groupBy(calls, ({ step }) => step)].map(([step, own]) => ({
    step,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    milliseconds: own.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  }));
}

/**
 * The parts of a run in order, up to where it has come. Each ends where the record says that the next one began; the
 * chunked stages end with their last chunk.
 */
export function stageTimes(run: Run, records: readonly LedgerRecord[]): StageTime[] {
  const ends = new Map<string, number | undefined>([
    ['Initialize', entered(run, 'Initializing')],
    ['Extract', entered(run, 'Executing')],
    ...chunkedStages(run).map((stage): [string, number | undefined] => [
      stageTitle(stage),
      lastChunk(run, stage, records),
    ]),
    ['Assess', entered(run, 'Assessing')],
  ]);
  if (run.review) ends.set('Review', entered(run, 'Decided'));
  const undone = entered(run, 'Compensating');
  const refused = undone !== undefined && run.assess !== undefined && run.assess.gate !== 'pass';
  if (!refused) {
    ends.set('Publish', entered(run, 'Completing'));
    ends.set('Commit', run.state === 'Completed' ? run.endedAt : undefined);
  }
  const times: StageTime[] = [];
  let start = Date.parse(run.startedAt);
  const add = (stage: string, end: number) => {
    // Two functions' clocks may differ by a little.
    times.push({ stage, milliseconds: Math.max(0, end - start) });
    start = Math.max(start, end);
  };
  for (const [stage, end] of ends) {
    if (end === undefined) {
      if (undone !== undefined) add(stage, undone);
      break;
    }
    add(stage, end);
  }
  if (undone !== undefined && run.endedAt !== undefined) add('Compensate', run.endedAt);
  return times;
}

function entered(run: Run, phase: Run['transitions'][number]['phase']): number | undefined {
  return run.transitions.find((one) => one.phase === phase)?.at;
}

/** Stages with chunks of their own; a run of one chunk does everything in `process`. */
function chunkedStages({ extract }: Run): string[] {
  const stages = Object.entries(extract?.stages ?? {}).filter(([, { chunks }]) => chunks > 0);
  return stages.map(([stage]) => stage).filter((stage) => !extract!.solo || stage === 'process');
}

function lastChunk(run: Run, stage: string, records: readonly LedgerRecord[]): number | undefined {
  const done = records.filter((one) => one.stage === stage);
  return done.length < run.extract!.stages[stage]!.chunks ? undefined : Math.max(...done.map(({ at }) => at));
}
