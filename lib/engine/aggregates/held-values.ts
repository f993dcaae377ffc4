import type { Session } from '../session.ts';
import type { TypedCall } from './aggregate-states.ts';
import { bothHalves } from './wide-sum.ts';

/** What functions take that keep all values of a group, or all different ones, in memory that DuckDB cannot spill. */
const perValue = 32;
const perDifferentValue = 96;

const keepsAll = /^(median|mad|quantile|quantile_cont|quantile_disc|list|array_agg|string_agg|group_concat|listagg)$/;
const keepsDifferent = /^(mode|entropy|histogram|histogram_exact|map)$/;

/** A sum of different numbers that is added in halves keeps them all. */
function addsKept({ distinct, inHalves }: TypedCall): boolean {
  return distinct && inHalves === true;
}

/** Whose values are of different lengths. */
const lengthy = /VARCHAR|BLOB|BIT|JSON|[[(]/;

/** What a value may take before anyone has looked. */
export function usualBytes({ name, givenTypes }: TypedCall): number {
  return (keepsAll.test(name) ? perValue : perDifferentValue) + (isLengthy(givenTypes[0]!) ? 1024 : 0);
}

function isLengthy(type: string): boolean {
  return lengthy.test(type) && !type.startsWith('DECIMAL');
}

/** SQL of the bytes that a call holds of a group. Undefined: few, however many rows there are. */
export function heldBytes(call: TypedCall): string | undefined {
  const { name, given, where, givenTypes } = call;
  const [value] = given;
  if (value === undefined || !(keepsAll.test(name) || keepsDifferent.test(name) || addsKept(call))) return undefined;
  const taken = where ? `CASE WHEN ${where} THEN ${value} END` : value;
  const length = isLengthy(givenTypes[0]!) ? `strlen((${taken})::VARCHAR)` : '0';
  if (keepsAll.test(name)) return `coalesce(sum(${perValue} + ${length})${where ? ` FILTER (${where})` : ''}, 0)`;
  return `approx_count_distinct(${taken}) * (${perDifferentValue} + coalesce(avg(${length}), 0))`;
}

const numbersOrTimes = /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|TIMESTAMP.*)$/;

/** A call and the rows of one group, which has too many values to hold. */
interface HotCall {
  readonly session: Session;
  readonly call: TypedCall;
  /** SQL of the rows. */
  readonly rows: string;
}

/**
 * SQL of the result of a call over one group, found by sorting or counting its values, which spills: quantiles, the most
 * frequent value and sums of different numbers, the same to the bit as the function itself gives. Undefined for other calls: what they make of the values
 * is as large as these, or needs all of them.
 */
export async function resultOfHot(hot: HotCall): Promise<string | undefined> {
  const { session, call, rows } = hot;
  const { name, given, orders, distinct, where, givenTypes } = call;
  const values = `SELECT ${distinct ? 'DISTINCT ' : ''}${given[0]} AS v FROM ${rows} WHERE (${given[0]}) IS NOT NULL${where ? ` AND (${where})` : ''}`;
  if (addsKept(call))
    return keep(
      session,
      `SELECT ${bothHalves('v', givenTypes[0]!, (value) => `sum(${value})`)} AS v FROM (${values})`,
      'any_value(v)',
    );
  if (name === 'mode') return distinct ? undefined : mostFrequent(hot, values);
  if (orders.length > 0) return undefined;
  const fractions = await fractionsOf(session, call);
  if (!fractions) return undefined;
  const discrete = name === 'quantile' || name === 'quantile_disc';
  if (!discrete && !numbersOrTimes.test(givenTypes[0]!)) return undefined;
  const [rowsOfGroup] = await session.counts(`SELECT count(*) FROM (${values})`);
  const found: string[] = [];
  for (const fraction of fractions.of) {
    const { offset, beyond } = discrete
      ? { offset: discretePlace(fraction, rowsOfGroup!), beyond: 0 }
      : placeBetween(fraction, rowsOfGroup!);
    const some = `SELECT v FROM (${values}) ORDER BY v LIMIT ${beyond > 0 ? 2 : 1} OFFSET ${offset}`;
    found.push(await keep(session, some, discrete ? 'any_value(v)' : `quantile_cont(v, '${beyond}'::DOUBLE)`));
  }
  return fractions.list ? `[${found.join(', ')}]` : found[0];
}

/** Of the values that are as frequent as any, the one that comes first in the order of the call. */
function mostFrequent({ session, call, rows }: HotCall, values: string): Promise<string> {
  const counts = `SELECT v, count(*) AS n FROM (${values}) GROUP BY v`;
  const top = `SELECT v FROM (SELECT v, n, max(n) OVER () AS most FROM (${counts})) WHERE n = most`;
  const first = call.inOrder.replace(/^"?mode"?\(/, 'first(');
  return keep(session, `SELECT ${first} AS v FROM ${rows} WHERE (${call.given[0]}) IN (${top})`, 'any_value(v)');
}

/** SQL of what is made of a few values, which are worked out once. */
async function keep(session: Session, select: string, made: string): Promise<string> {
  const table = session.newName('held');
  await session.run(`CREATE TABLE ${table} AS ${select}`);
  return `(SELECT ${made} FROM ${table})`;
}

/** The quantiles that are asked for, as text. Undefined where the call asks for none, or counts them from above. */
async function fractionsOf(
  session: Session,
  { name, given }: TypedCall,
): Promise<{ of: readonly string[]; list: boolean } | undefined> {
  if (name === 'median') return { of: ['0.5'], list: false };
  if (!name.startsWith('quantile') || given[1] === undefined) return undefined;
  const [row] = await session.rows(`SELECT typeof(${given[1]}) AS type, to_json((${given[1]}))::VARCHAR AS text`);
  const list = /\]$/.test(row!.type);
  const of = String(row!.text)
    .replaceAll(/[[\]"]/g, '')
    .split(',');
  return of.every((one) => /^(0(\.\d+)?|1(\.0+)?)$/.test(one)) ? { of, list } : undefined;
}

/** Where the value is, as DuckDB counts: exactly, as the fraction is a decimal. */
function discretePlace(fraction: string, rows: number): number {
  const [, digits = ''] = fraction.split('.');
  const scale = 10n ** BigInt(digits.length);
  const part = BigInt(fraction.replace('.', '')) * BigInt(rows);
  return Math.max(1, Number((part + scale - 1n) / scale)) - 1;
}

/** The value before it, and how far it is on the way to the next one. */
function placeBetween(fraction: string, rows: number): { offset: number; beyond: number } {
  const place = (rows - 1) * Number(fraction);
  return { offset: Math.floor(place), beyond: place - Math.floor(place) };
}
