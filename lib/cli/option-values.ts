import type { Format } from '../component/connector.ts';
import { auditActions } from '../core/audit-actions.ts';
import { day, hour, minute, second } from '../core/durations.ts';
import { nearest } from '../core/nearest.ts';
import { triggerKinds } from '../core/trigger-kinds.ts';
import { CommandUsageError } from './errors.ts';

const most = 10_000;

/** How many, for `--limit`. */
export function count(text: string): number {
  return integer(text, { what: 'how many can be asked for', from: 1, to: most, allowed: `1 to ${most}` });
}

/** How many slices of a backfill, for `--parallel`. */
export function parallel(text: string): number {
  return integer(text, { what: 'a number of slices', from: 1, to: 100, allowed: '1 to 100' });
}

/** How many states of a table, for `--keep`. */
export function states(text: string): number {
  return integer(text, { what: 'a number of states', from: 1, to: most, allowed: `1 to ${most}` });
}

/** A port, for `--port`. */
export function port(text: string): number {
  return integer(text, { what: 'a port', from: 0, to: 65_535, allowed: '0 to 65535; 0 takes any free one' });
}

const bytesByUnit: Readonly<Record<string, number>> = {
  B: 1,
  ...Object.fromEntries(['KB', 'MB', 'GB', 'TB', 'PB'].map((unit, index) => [unit, 1000 ** (index + 1)])),
  ...Object.fromEntries(['KIB', 'MIB', 'GIB', 'TIB', 'PIB'].map((unit, index) => [unit, 1024 ** (index + 1)])),
};

/** Bytes, for `--size`: `500MB`, `1.5 TB`, `64MiB`. */
export function size(text: string): number {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (bytesByUnit[unit.toUpperCase()] ?? Number.NaN));
  if (bytes >= 1 && bytes <= 1e18) return bytes;
  throw new CommandUsageError({
    problem: 'that is not a size',
    received: text === '' ? 'nothing' : text,
    allowed: 'a number with B, KB, MB, GB, TB, PB (powers of 1,000) or KiB, MiB… (of 1,024), from 1 byte to 1,000 PB',
    change: 'write e.g. 500MB, 10GB or 1TB',
  });
}

/** How time passes, for `--clock`. */
export function clock(text: string): 'real' | 'fast-forward' {
  return oneOf(text, 'clock', ['real', 'fast-forward']);
}

/** How a contract is written, for `--as`. */
export function contractForm(text: string): 'typescript' | 'odcs' {
  return oneOf(text, 'form of a contract', ['typescript', 'odcs']);
}

/** How bytes become rows, for `--format`. */
export function fileFormat(text: string): Format['kind'] {
  return oneOf(text, 'format', ['csv', 'ndjson', 'json', 'parquet']);
}

/** State of a run, for `--state`. */
export function runState(text: string): (typeof runStates)[number] {
  return oneOf(text, 'state', runStates);
}

const runStates = ['Triggered', 'Running', 'AwaitingReview', 'Completed', 'Failed', 'Cancelled'] as const;

/** What was done, for `--action`. */
export function auditAction(text: string): (typeof auditActions)[number] {
  return oneOf(text, 'action', auditActions);
}

/** What starts a run, for `--trigger`. */
export function triggerKind(text: string): (typeof triggerKinds)[number] {
  return oneOf(text, 'kind of trigger', triggerKinds);
}

const unitsAgo: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day };

const timeForms = 'a date (2026-11-21), a time (2026-11-21T06:00Z), or how long ago (90s, 15m, 2h, 7d), from 1970 on';

/**
 * A point in time, for `--since` and `--until`, in milliseconds since the epoch: a date, a time (UTC without a zone), or how
 * long ago.
 */
export function time(text: string): number {
  const at = timeOf(text);
  if (at !== undefined) return at;
  throw new CommandUsageError({
    problem: 'that is not a time',
    received: text === '' ? 'nothing' : text,
    allowed: timeForms,
    change: 'give one of these forms',
  });
}

function timeOf(text: string): number | undefined {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (number && unit) {
    const ago = Date.now() - Number(number) * unitsAgo[unit]!;
    // Nothing happened before, and dates end not long before that.
    return ago >= 0 ? ago : undefined;
  }
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!parts) return undefined;
  const [, date, clock = '00:00', zone = 'Z'] = parts;
  // Date.parse takes the 31st of February for a day in March.
  const midnight = new Date(`${date}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return undefined;
  const at = Date.parse(`${date}T${clock}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

/** A state of a table, for `--at` and `--to`: a version or an id of a snapshot, or what readers saw at a time. */
export function tableState(text: string): { readonly version: number } | { readonly at: number } {
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) return { version: Number(text) };
  const at = timeOf(text);
  if (at !== undefined) return { at };
  throw new CommandUsageError({
    problem: 'that is not a state of a table',
    received: text === '' ? 'nothing' : text,
    allowed: `a version that \`penstock table log\` names, ${timeForms}`,
    change: 'give one of these forms',
  });
}

/** A part of a whole, for `--tolerance`. */
export function share(text: string): number {
  const value = Number(text);
  if (/^(0|1|0?\.\d+|1\.0+)$/.test(text) && value <= 1) return value;
  throw new CommandUsageError({
    problem: 'that is not a share',
    received: text === '' ? 'nothing' : text,
    allowed: '0 to 1',
    change: 'write e.g. 0.02 for two of a hundred',
  });
}

function oneOf<Value extends string>(text: string, what: string, allowed: readonly Value[]): Value {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  const guess = nearest(text, allowed);
  throw new CommandUsageError({
    problem: `there is no such ${what}`,
    received: text === '' ? 'nothing' : text,
    allowed: allowed.join(', '),
    change: guess ? `did you mean "${guess}"?` : 'give one of these',
  });
}

function integer(
  text: string,
  { what, from, to, allowed }: { what: string; from: number; to: number; allowed: string },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new CommandUsageError({
    problem: `that is not ${what}`,
    received: text === '' ? 'nothing' : text,
    allowed,
    change: `give a whole number from ${from} to ${to}`,
  });
}

/** Values of parameters, for `--param`, one with each. */
export function parameters(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  if (name !== '' && !Object.hasOwn(before, name)) return { ...before, [name]: text.slice(at + 1) };
  throw new CommandUsageError({
    problem: name === '' ? 'that is not a parameter with its value' : `the parameter "${name}" is given twice`,
    received: text === '' ? 'nothing' : text,
    allowed: '<name>=<value>, once for each name',
    change: 'write e.g. --param from=2026-01-01',
  });
}

/** Who does it, for `--by`. */
export function doer(text: string): string {
  if (text.trim() !== '' && text.length <= 200) return text;
  throw new CommandUsageError({
    problem: 'that is nobody whom the audit could name',
    received: text === '' ? 'nothing' : text,
    allowed: '1 to 200 characters',
    change: 'give a name, or leave --by out',
  });
}

/** What names a run, for `--request-id`. */
export function requestId(text: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
  throw new CommandUsageError({
    problem: 'that is not a request id',
    received: text === '' ? 'nothing' : text,
    allowed: '1 to 200 characters of ASCII without spaces',
    change: 'give e.g. --request-id march-report',
  });
}
