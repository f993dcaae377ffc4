import { type ParameterValues, parameterForms, parameterText } from '../../component/parameter.ts';
import type { OutputNode, Plan } from '../../component/plan.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { day } from '../../core/durations.ts';
import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import { sha256 } from '../../core/sha256.ts';
import type { BackfillRecord } from '../ports/backfill-store.ts';
import { narrowedPlan } from '../replay/narrowed-plan.ts';
import { requireParameters } from '../run-parameters.ts';
import { boundsOf, cutRange, type RangeType, type Slice, timeOf } from './cut-range.ts';

export interface BackfillRequest {
  readonly plan: Plan;
  /** As they were written. */
  readonly from: string;
  readonly to: string;
  /** Default: a day, or the whole range where that is shorter. */
  readonly slice?: string;
  /** Beside the range. */
  readonly parameters?: ParameterValues;
  /** Tables that it publishes in. Default: all of the pipeline. */
  readonly tables?: readonly string[];
  /** Tells backfills of the same range apart. */
  readonly name?: string;
}

/** What a backfill is going to do, and its name: the same request always gives the same. */
export interface PlannedBackfill {
  readonly record: Omit<BackfillRecord, 'state' | 'by' | 'at'>;
  readonly slices: readonly Slice[];
}

/**
 * Cuts a backfill into slices, or says why there can be none. Throws `BackfillRefusedError`, `ParameterInvalidError`.
 * @param now milliseconds since the epoch
 */
export function planBackfill(request: BackfillRequest, now: number): PlannedBackfill {
  const { plan, parameters = {}, name } = request;
  const { pipeline } = plan;
  const { type, bounds } = rangeOf(plan);
  requireLeftToRange(parameters, bounds);
  const range = { from: boundOf(type, request.from), to: boundOf(type, request.to) };
  const whole = timeOf(range.to) - timeOf(range.from);
  const slice = request.slice ?? (whole > 0 && whole < day ? `${Math.ceil(whole / 1000)} seconds` : '1 day');
  const slices = cutRange(type, range, slice);
  requirePast(type, range, now);
  const tables = tablesOf(plan, request.tables);
  requireSafe(narrowedPlan(plan, tables), slices);
  const { from, to, ...others } = requireParameters(plan, { ...parameters, ...boundsOf(range, bounds) });
  const identity = { pipeline, ...range, slice, parameters: others, tables, ...(name !== undefined && { name }) };
  const id = `${pipeline}-${sha256(canonicalJson(identity)).slice(0, 12)}`;
  return {
    record: { id, pipeline, ...range, slice, slices: slices.length, bounds, parameters: others, tables },
    slices,
  };
}

/** The parameters that say which part of its input a run takes: a range, or a partition by where it begins. */
function rangeOf({ pipeline, parameters = {} }: Plan): {
  readonly type: RangeType;
  readonly bounds: readonly ('from' | 'to')[];
} {
  const { from, to } = parameters;
  if ((from?.type === 'date' || from?.type === 'timestamp') && (!to || to.type === from.type))
    return { type: from.type, bounds: to ? ['from', 'to'] : ['from'] };
  const declared = Object.entries(parameters).map(([name, { type }]) => `${name}: ${type}`);
  throw new BackfillRefusedError({
    problem: `the pipeline "${pipeline}" does not say how its input is parted by time`,
    received: declared.length > 0 ? declared : 'no parameters',
    allowed: 'parameters "from" and "to", both of the type date or timestamp',
    change:
      "declare them, and take what lies between them, e.g. filter(\"day >= param('from') AND day < param('to')\")",
  });
}

/** Each slice is given its own bounds: what somebody gives beside the range would go unheard. */
function requireLeftToRange(parameters: ParameterValues, bounds: readonly string[]): void {
  const given = bounds.find((name) => parameters[name] !== undefined);
  if (given === undefined) return;
  throw new BackfillRefusedError({
    problem: `the parameter "${given}" is what the range is cut by, and can not be given beside it`,
    received: `${given}=${parameters[given]}`,
    allowed: `other parameters than ${bounds.join(' and ')}`,
    change: 'nothing was started: leave it out, and give the range with --from and --to',
  });
}

function boundOf(type: RangeType, text: string): string {
  const bound = parameterText(type, text);
  if (bound !== undefined) return bound;
  throw new BackfillRefusedError({
    problem: `a bound of the range is no ${type}`,
    received: text,
    allowed: parameterForms[type],
    change: 'nothing was started: correct it',
  });
}

/** What is still to come is left to the pipeline's own runs. A day counts from its beginning. */
function requirePast(type: RangeType, { from, to }: Slice, now: number): void {
  const end = type === 'date' ? Math.floor(now / day) * day + day : now;
  if (timeOf(to) <= end) return;
  throw new BackfillRefusedError({
    problem: timeOf(from) > now ? 'the range lies in the future' : 'the range ends in the future',
    received: `from ${from} to ${to}`,
    allowed: `an end of at most ${new Date(end).toISOString()}`,
    change: 'nothing was started: give an earlier range',
  });
}

function tablesOf({ pipeline, nodes }: Plan, asked: readonly string[] | undefined): readonly string[] {
  const all = nodes.flatMap((node) => (node.kind === 'output' ? [node.table] : []));
  const unknown = asked?.find((table) => !all.includes(table));
  if (unknown === undefined) return [...(asked ?? all)].sort();
  throw new BackfillRefusedError({
    problem: `the pipeline "${pipeline}" publishes no table "${unknown}"`,
    received: unknown,
    allowed: all,
    change: 'nothing was started: name tables that it publishes',
  });
}

/** Rows that are published again must take the place of those that are there. */
function requireSafe({ nodes }: Plan, slices: readonly Slice[]): void {
  const outputs = nodes.filter((node): node is OutputNode => node.kind === 'output');
  for (const { table, options } of outputs) {
    const mode = options.mode as string | undefined;
    if (mode !== 'merge' && mode !== 'replacePartitions')
      throw new BackfillRefusedError({
        problem:
          mode === 'replace'
            ? `each slice would put its rows in the place of all of "${table}"`
            : `rows that "${table}" has would be there twice`,
        received: `mode: "${mode ?? 'append'}"`,
        allowed: 'mode: "merge", or "replacePartitions"',
        change: 'nothing was started: name other tables with --table, or publish this one in such a mode',
      });
    if (mode === 'replacePartitions') requireWholePartitions(table, options.partitionBy, slices);
  }
}

const units: Readonly<Record<string, RegExp>> = {
  year: /-01-01( 00:00:00)?$/,
  month: /-01( 00:00:00)?$/,
  day: /^[\d-]+( 00:00:00)?$/,
  hour: /^[\d-]+( \d\d:00:00)?$/,
};

/** A slice that ends within a partition would put its rows in the place of those of the rest. */
function requireWholePartitions(table: string, partitionBy: unknown, slices: readonly Slice[]): void {
  const parts = (Array.isArray(partitionBy) ? partitionBy : []).filter((one) => typeof one === 'string');
  for (const part of parts) {
    const unit = /^(year|month|day|hour)\(/.exec(part)?.[1];
    const cut = unit && slices.flatMap(({ from, to }) => [from, to]).find((bound) => !units[unit]!.test(bound));
    if (!cut) continue;
    throw new BackfillRefusedError({
      problem: `a slice would put its rows in the place of a whole partition of "${table}", of which it has a part`,
      received: `${part}, and a slice that begins or ends at ${cut}`,
      allowed: `slices that begin and end with a ${unit}`,
      change: 'nothing was started: give other bounds, or another slice',
    });
  }
}
