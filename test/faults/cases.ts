import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from './history.ts';

/** A history that is kept, because it has told of a failure once. */
export interface Case {
  /** What it shows. */
  readonly why: string;
  /** Name of the guard without which it fails. Absent: it failed before something was mended. */
  readonly guard?: string;
  /** The how many-th history of the suite found it. */
  readonly found?: number;
  /** How its runs end, where that is what it shows: without its guard they end otherwise. */
  readonly ends?: readonly string[];
  readonly history: History;
}

const folder = join(import.meta.dirname, 'cases');

/** By file name, without ending. */
export function storedCases(): ReadonlyMap<string, Case> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return new Map(
    names.map((name) => [name.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case]),
  );
}

export function storeCase(name: string, stored: Case): void {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(stored, null, 2)}\n`);
}
