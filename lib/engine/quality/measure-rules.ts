import type { GroupsMeasure, Measure } from '../../component/measure.ts';
import type { Column, QualityRulePlan } from '../../component/plan.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import { quoted } from '../../component/shape.ts';
import { PenstockError } from '../../core/errors/penstock-error.ts';
import type { QualityMeasure } from '../chunk.ts';
import type { Components } from '../components.ts';
import { StepFailedError } from '../errors.ts';
import { throwIfMemoryShort } from '../memory-short-error.ts';
import type { Session } from '../session.ts';
import { groupsSql } from './groups.ts';
import { holdsSurely } from './holds-surely.ts';
import { membersSql } from './members.ts';
import { profileOf } from './profile.ts';
import { whyNotCompared } from './why-not-compared.ts';

/** A rule, and the rows that it holds its own against, where they are here. */
export interface RuleHere {
  readonly rule: QualityRulePlan;
  /** SQL of the other rows, as it stands behind FROM. */
  readonly others?: string;
}

export interface MeasureInput {
  readonly session: Session;
  readonly rules: readonly RuleHere[];
  readonly columns: readonly Column[];
  /** SQL of the rows, as it stands behind FROM. */
  readonly from: string;
  readonly total: number;
  /** True where `from` holds all rows of the run. */
  readonly whole: boolean;
  /** Columns whose values no two of the rows have alike. Absent: none are known. */
  readonly oncePer?: readonly string[] | undefined;
  readonly components: Components;
}

interface Planned extends RuleHere {
  readonly measure: Measure;
}

/**
 * Measures the rules of one output; those that need rows which are not here are left out. Whatever adds up goes into one
 * query, so that any number of such rules costs one pass over their columns. A row on which a condition fails breaks the rule.
 * Throws `StepFailedError` where an aggregate fails on the data.
 */
export async function measureRules(input: MeasureInput): Promise<QualityMeasure[]> {
  const planned = input.rules.map((one): Planned => {
    const { measure } = input.components[one.rule.component] as QualityRule;
    return { ...one, measure: measure(one.rule.options, input.columns) };
  });
  const known = planned.filter(({ measure }) => isUnique(measure, input));
  const open = planned.filter((one) => !known.includes(one));
  const together = open.filter(({ measure }) => columnsOf(measure, input) !== undefined);
  const { total } = input;
  const measures = known.map(({ rule }): QualityMeasure => ({ rule: rule.id, total, passed: total }));
  measures.push(...(await inOneQuery(input, together)));
  for (const one of open) {
    const measured = await guarded(one.rule, () => alone(input, one));
    if (measured) measures.push(measured);
  }
  return measures;
}

/** True where the rows were made so: to find it out again costs as much as to make them so. */
function isUnique(measure: Measure, { whole, oncePer }: Pick<MeasureInput, 'whole' | 'oncePer'>): boolean {
  return whole && measure.form === 'distinct' && (oncePer?.every((column) => measure.key.includes(column)) ?? false);
}

/** What a rule adds to the select list, by name; undefined where it cannot be had along with the others. */
function columnsOf(
  measure: Measure,
  { session, whole, total }: Pick<MeasureInput, 'session' | 'whole' | 'total'>,
): Readonly<Record<string, string>> | undefined {
  if (measure.form === 'count') return { passed: `count(*) FILTER (coalesce((${measure.holds}\n), true))` };
  if (measure.form === 'values')
    return Object.fromEntries(Object.entries(measure.values).map(([name, { aggregate }]) => [name, aggregate]));
  // Different hashes mean different keys; only where some hashes agree do the keys themselves have to be compared.
  if (measure.form === 'distinct' && whole && passesFor(session, total) === 1)
    return { hashes: `count(DISTINCT hash(${keyOf(measure.key)}))` };
  return undefined;
}

async function inOneQuery(input: MeasureInput, planned: readonly Planned[]): Promise<QualityMeasure[]> {
  if (planned.length === 0) return [];
  const parts = planned.flatMap(({ measure }, place) =>
    Object.entries(columnsOf(measure, input)!).map(([name, sql]) => `${sql} AS ${quoted(`${place} ${name}`)}`),
  );
  const select = `SELECT ${parts.join(', ')} FROM ${input.from}`;
  if (planned.length > 1) {
    try {
      return await measured(input, planned, (await input.session.rows(select))[0]!);
    } catch {
      input.session.throwIfStopped();
      // Which of them failed shows only where each is asked by itself.
      const measures: QualityMeasure[] = [];
      for (const one of planned) measures.push(...(await inOneQuery(input, [one])));
      return measures;
    }
  }
  const [{ rule, measure }] = planned as readonly [Planned];
  return guarded(rule, async () => {
    try {
      return await measured(input, planned, (await input.session.rows(select))[0]!);
    } catch (cause) {
      input.session.throwIfStopped();
      if (measure.form !== 'count') throw cause;
      const [passed] = await input.session.counts(
        `SELECT count(*) FROM ${input.from} WHERE ${holdsSurely(measure.holds)}`,
      );
      return [{ rule: rule.id, total: input.total, passed: passed! }];
    }
  });
}

function measured(
  input: MeasureInput,
  planned: readonly Planned[],
  row: Readonly<Record<string, unknown>>,
): Promise<QualityMeasure[]> {
  const { total } = input;
  return Promise.all(
    planned.map(async ({ rule, measure }, place): Promise<QualityMeasure> => {
      const value = (name: string) => row[`${place} ${name}`];
      if (measure.form === 'values') {
        const names = Object.keys(measure.values);
        const values = names.map((name) => [name, value(name) === null ? null : Number(value(name))] as const);
        return { rule: rule.id, total, passed: total, values: Object.fromEntries(values) };
      }
      if (measure.form === 'distinct') return distinct(input, rule.id, measure.key, Number(value('hashes')));
      return { rule: rule.id, total, passed: Number(value('passed')) };
    }),
  );
}

async function distinct(
  { session, from, total }: MeasureInput,
  rule: string,
  key: readonly string[],
  hashes: number,
): Promise<QualityMeasure> {
  if (hashes === total) return { rule, total, passed: total };
  const keys = await inPasses(
    session,
    total,
    (where) =>
      `SELECT count(*) FROM (SELECT DISTINCT ${keyOf(key)} FROM ${from} WHERE ${where(`hash(${keyOf(key)})`)})`,
  );
  return { rule, total, passed: keys };
}

/** What a value takes that is told from all others, and the share of the memory that these may take. */
const hashBytes = 64;
const hashShare = 1 / 3;

/** DuckDB holds all that is to be told apart, and far more than it may where they are many: then each pass takes some. */
function passesFor({ memoryBytes }: Session, rows: number): number {
  return Math.max(1, Math.ceil((rows * hashBytes) / (memoryBytes * hashShare)));
}

/** The sum of a count over all passes. Its SQL says by which hash rows are taken into one of them. */
async function inPasses(
  session: Session,
  rows: number,
  sql: (where: (hash: string) => string) => string,
): Promise<number> {
  const passes = passesFor(session, rows);
  let sum = 0;
  for (let pass = 0; pass < passes; pass++) {
    // Of the hash's other bits DuckDB makes its own parts.
    const [counted] = await session.counts(sql((hash) => `(${hash} >> 16) % ${passes} = ${pass}`));
    sum += counted!;
  }
  return sum;
}

/** What takes a query of its own. */
async function alone(input: MeasureInput, { rule, others, measure }: Planned): Promise<QualityMeasure | undefined> {
  const { session, from, total, whole } = input;
  switch (measure.form) {
    case 'distinct': {
      if (!whole || passesFor(session, total) === 1) return undefined;
      const key = `hash(${keyOf(measure.key)})`;
      const hashes = await inPasses(
        session,
        total,
        (where) => `SELECT count(DISTINCT ${key}) FROM ${from} WHERE ${where(key)}`,
      );
      return distinct(input, rule.id, measure.key, hashes);
    }
    case 'members': {
      if (others === undefined) return undefined;
      const [strangers] = await session.counts(`SELECT count(*) FROM ${membersSql(measure, from, others)}`);
      return { rule: rule.id, total, passed: total - strangers! };
    }
    case 'groups': {
      if (others === undefined || !whole) return undefined;
      const asked = (groups: GroupsMeasure) =>
        session.counts(`SELECT count(*), count(*) FILTER (__agree) FROM (${groupsSql(groups, from, others)})`);
      try {
        const [all, agreeing] = await asked(measure);
        return { rule: rule.id, total: all!, passed: agreeing! };
      } catch {
        session.throwIfStopped();
        // What cannot be computed agrees with nothing.
        const [all] = await asked({ ...measure, own: 'count(*)', other: 'count(*)' });
        const unmeasured = await whyNotCompared(session, measure, { from, others });
        return { rule: rule.id, total: all!, passed: 0, unmeasured };
      }
    }
    case 'profile':
      if (!whole) return undefined;
      return { rule: rule.id, total, passed: total, profile: await profileOf(session, measure, from) };
    default:
      return undefined;
  }
}

async function guarded<T>(rule: QualityRulePlan, measure: () => Promise<T>): Promise<T> {
  try {
    return await measure();
  } catch (cause) {
    if (cause instanceof PenstockError || (cause as Error).name === 'AbortError') throw cause;
    throwIfMemoryShort(cause, `quality rule ${rule.id}`);
    throw new StepFailedError({
      problem: `quality rule ${rule.id} failed on the data: ${String((cause as Error).message).split('\n')[0]}`,
      received: rule.options,
      allowed: 'expressions that hold for every row of the table',
      change: 'use a TRY_ function in it',
      cause,
    });
  }
}

function keyOf(key: readonly string[]): string {
  return key.map(quoted).join(', ');
}
