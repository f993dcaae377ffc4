import { describe, expect, it } from 'vitest';
import type { LedgerRecord, Run } from '../../lib/cli/find-run.ts';
import { functionSpeeds, stageTimes, stageTitle, stageWork } from '../../lib/cli/run-times.ts';

const start = Date.parse('2026-11-21T07:00:00.000Z');

function runWith(parts: Partial<Run>, phases: readonly [phase: string, at: number][]): Run {
  return {
    startedAt: new Date(start).toISOString(),
    state: 'Completed',
    transitions: [
      { state: 'Triggered', at: start + 5 },
      ...phases.map(([phase, at]) => ({ state: 'Running', phase, at: start + at })),
    ],
    extract: {
      solo: false,
      stages: { process: { chunks: 2 }, 'reduce-1': { chunks: 1 }, 'reduce-2': { chunks: 0 } },
    },
    assess: { gate: 'pass' },
    endedAt: start + 1000,
    ...parts,
  } as unknown as Run;
}

function chunk(stage: string, at: number, parts: Partial<LedgerRecord> = {}): LedgerRecord {
  return { stage, at: start + at, milliseconds: {}, peakMemoryBytes: 0, ...parts } as unknown as LedgerRecord;
}

const records = [chunk('extract', 60), chunk('process', 300), chunk('process', 400), chunk('reduce-1', 600)];
const phases: [string, number][] = [
  ['Initializing', 10],
  ['Executing', 100],
  ['Assessing', 700],
  ['Completing', 800],
  ['Completing', 850],
];

describe('stageTimes', () => {
  it('parts a run without gaps: the sum is its duration', () => {
    const times = stageTimes(runWith({}, phases), records);
    expect(times).toEqual([
      { stage: 'Initialize', milliseconds: 10 },
      { stage: 'Extract', milliseconds: 90 },
      { stage: 'Process', milliseconds: 300 },
      { stage: 'Reduce 1', milliseconds: 200 },
      { stage: 'Assess', milliseconds: 100 },
      { stage: 'Publish', milliseconds: 100 },
      { stage: 'Commit', milliseconds: 200 },
    ]);
    expect(times.reduce((sum, one) => sum + one.milliseconds, 0)).toBe(1000);
  });

  it('knows no reduce stages where one chunk did everything', () => {
    const extract = {
      solo: true,
      stages: { process: { chunks: 1 }, 'reduce-1': { chunks: 1 } },
    } as unknown as Run['extract'];
    const times = stageTimes(runWith({ extract }, phases), [chunk('process', 650)]);
    expect(times.map(({ stage }) => stage)).toEqual([
      'Initialize',
      'Extract',
      'Process',
      'Assess',
      'Publish',
      'Commit',
    ]);
  });

  it('ends where a run that goes on has come', () => {
    const run = runWith({ state: 'Running', endedAt: undefined }, phases.slice(0, 2));
    expect(stageTimes(run, records.slice(0, 2)).map(({ stage }) => stage)).toEqual(['Initialize', 'Extract']);
  });

  it('gives the time up to a failure to the stage that failed, and the rest to undoing it', () => {
    const run = runWith({ state: 'Failed', assess: undefined }, [...phases.slice(0, 2), ['Compensating', 900]]);
    expect(stageTimes(run, records.slice(0, 2))).toEqual([
      { stage: 'Initialize', milliseconds: 10 },
      { stage: 'Extract', milliseconds: 90 },
      { stage: 'Process', milliseconds: 800 },
      { stage: 'Compensate', milliseconds: 100 },
    ]);
  });

  it('blames no stage where the gate refused the run', () => {
    const assess = { gate: 'fail' } as unknown as Run['assess'];
    const run = runWith({ state: 'Failed', assess }, [...phases.slice(0, 3), ['Compensating', 900]]);
    expect(stageTimes(run, records).slice(-2)).toEqual([
      { stage: 'Assess', milliseconds: 100 },
      { stage: 'Compensate', milliseconds: 300 },
    ]);
  });

  it('counts how long a person took', () => {
    const review = { deadline: 0 } as unknown as Run['review'];
    const decided: [string, number][] = [
      ...phases.slice(0, 3),
      ['Undecided', 710],
      ['Decided', 780],
      ['Completing', 800],
    ];
    expect(stageTimes(runWith({ review }, decided), records)).toContainEqual({ stage: 'Review', milliseconds: 80 });
  });

  it('is never negative, however the clocks differ', () => {
    const run = runWith({}, [['Initializing', -20], ...phases.slice(1)]);
    expect(Math.min(...stageTimes(run, records).map(({ milliseconds }) => milliseconds))).toBe(0);
  });
});

it('work counts fetching, computing and storing, and not what lies within computing', () => {
  const milliseconds = { fetch: 10, compute: 100, store: 5, read: 70, write: 20 };
  expect(
    stageWork([
      chunk('extract', 1, { milliseconds, peakMemoryBytes: 900 }),
      chunk('process', 1, { milliseconds, peakMemoryBytes: 500 }),
      chunk('process', 2, { milliseconds, peakMemoryBytes: 700 }),
    ]),
  ).toEqual([{ stage: 'process', chunks: 2, milliseconds: 230, peakMemoryBytes: 700 }]);
});

it('a stage is titled by its id', () => {
  expect([stageTitle('process'), stageTitle('reduce-2')]).toEqual(['Process', 'Reduce 2']);
});

it('adds up what the functions of the user took', () => {
  const part = (rowsIn: number, spent: number) =>
    chunk('process', 100, {
      milliseconds: { compute: 900, 'p.1-map': 500, 'call p.1-map': spent },
      steps: [{ node: 'p.1-map', rowsIn }],
    } as unknown as Partial<LedgerRecord>);
  expect(functionSpeeds([part(1000, 20), part(500, 10), chunk('reduce-1', 200)])).toEqual([
    { step: 'p.1-map', rows: 1500, milliseconds: 30 },
  ]);
});
