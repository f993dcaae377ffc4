import type { Severity } from '../component/shape.ts';
import { nearest } from '../core/nearest.ts';
import { CommandInputError } from './errors.ts';
import { fetchFiles } from './fetch-files.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { stateFolder } from './state-folder.ts';

/** One rejected row; values of restricted columns stand as `(restricted)`. */
export interface RejectedRow {
  readonly file: string;
  readonly version: string | null;
  /** Number of the record in its file, from 1. */
  readonly row: string;
  readonly stage: string;
  readonly node: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
  /** The record as its source had it, or as the step saw it where that is not known. */
  readonly raw: string;
  /** How the record can be read again; null: it cannot. */
  readonly form: string | null;
  /** The row as a later step saw it. */
  readonly seen: string | null;
  /** ISO 8601. */
  readonly time: string;
}

/** Which rejects are meant. */
export interface RejectFilter {
  readonly rule?: string;
  readonly severity?: string;
  readonly column?: string;
  readonly stage?: string;
  readonly step?: string;
}

export interface FoundRejects {
  readonly rules: readonly {
    readonly node: string;
    readonly rule: string;
    readonly severity: Severity;
    readonly column: string | null;
    readonly rows: number;
  }[];
  readonly rows: readonly RejectedRow[];
}

/** Files with the rejects of a run, on this machine. */
export async function rejectFiles(
  platform: Platform,
  { pipeline, run }: Pick<Run, 'pipeline' | 'run'>,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of platform.objects.list(`rejects/${pipeline}/run=${run}/`)) keys.push(object.key);
  return fetchFiles(platform, keys);
}

/** Rejects of a run: how many by rule, and some of each rule, all in all `limit`. */
export async function rejectedRows(
  platform: Platform,
  run: Run,
  { filter = {}, limit }: { readonly limit: number; readonly filter?: RejectFilter },
): Promise<FoundRejects> {
  const files = await rejectFiles(platform, run);
  // The engine is the one thing here that is slow to load.
  const { shownRejects } = await import('../engine/index.ts');
  const { counts: all, rows } = await shownRejects({ files, filter, limit, workFolder: stateFolder('work') });
  const chosen = all.filter((one) => isMeant(one, filter));
  if (chosen.length === 0) refuseAmong(run, filter, all);
  return {
    rules: chosen.map((one) => ({
      node: String(one.node),
      rule: String(one.rule),
      severity: one.severity as Severity,
      column: one.column === null ? null : String(one.column),
      rows: Number(one.rows),
    })),
    rows: rows.map((row) => ({ ...row, time: isoTime(String(row.time)) }) as unknown as RejectedRow),
  };
}

function isMeant(
  one: Readonly<Record<string, unknown>>,
  { rule, severity, column, stage, step }: RejectFilter,
): boolean {
  const wanted = { rule, severity, column, stage, node: step };
  return Object.entries(wanted).every(([name, value]) => value === undefined || one[name] === value);
}

/** Says which part of a filter is met by none of these rejects, where it is one part that no reject meets. */
export async function refuseUnknown(
  run: Run,
  { files, filter }: { readonly files: readonly string[]; readonly filter: RejectFilter },
): Promise<void> {
  const { shownRejects } = await import('../engine/index.ts');
  const { counts } = await shownRejects({ files, filter, limit: 1, workFolder: stateFolder('work') });
  refuseAmong(run, filter, counts);
}

/** A filter that lets nothing through names something that is not there; a run without rejects has nothing to filter. */
function refuseAmong({ run }: Run, filter: RejectFilter, all: readonly Readonly<Record<string, unknown>>[]): void {
  for (const [name, value] of Object.entries(filter) as [keyof RejectFilter, string][]) {
    const known = [...new Set(all.map((one) => String(one[name === 'step' ? 'node' : name])))];
    if (known.includes(value)) continue;
    const guess = nearest(value, known);
    throw new CommandInputError({
      problem: `run "${run}" has no rejects of the ${name} "${value}"`,
      received: value,
      allowed: known.length > 0 ? known : 'none: the run has no rejects',
      change: guess ? `did you mean "${guess}"?` : `leave --${name} out to see all of them`,
    });
  }
}

/** `2026-11-21 06:58:35.123+00` → `2026-11-21T06:58:35.123Z`. */
function isoTime(text: string): string {
  return text.replace(' ', 'T').replace(/\+00$/, 'Z');
}
