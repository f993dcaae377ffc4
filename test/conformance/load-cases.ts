import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase, RecordedSequence } from './conformance-case.ts';
import type { PatternCase } from './pattern-case.ts';

export interface LoadedCases {
  /** By area, which is the name of the file. */
  readonly cases: ReadonlyMap<string, readonly (ConformanceCase | RecordedSequence)[]>;
  readonly patterns: readonly PatternCase[];
}

/** Every case under a folder. */
export function loadCases(folder: string): LoadedCases {
  const states = join(folder, 'asl');
  const patterns = join(folder, 'event-patterns');
  if (!existsSync(states) && !existsSync(patterns)) throw new Error(`no cases under ${folder}`);
  return {
    cases: new Map(filesIn(states).map((name) => [name.replace('.jsonl', ''), read(join(states, name))])),
    patterns: filesIn(patterns).flatMap((name) => read<PatternCase>(join(patterns, name))),
  };
}

export const isSequence = (one: ConformanceCase | RecordedSequence): one is RecordedSequence => 'steps' in one;

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

function read<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}
