import { quoted } from '../../component/shape.ts';
import type { AggregateCall } from './aggregate-calls.ts';
import { fromLane, laneSql } from './exact-sum.ts';
import { bothHalves, fromHalves, halvesOf, isWideSum, nearHalves } from './wide-sum.ts';

/** Part of what is known of a group, while not all of its rows are. */
export interface State {
  readonly name: string;
  /** SQL over rows. */
  readonly sql: string;
  /** SQL over the states of parts of the rows. */
  readonly merge: string;
  /** Type of a 128-bit integer, which no file holds: it travels as text. */
  readonly huge?: 'HUGEINT' | 'UHUGEINT';
}

/** How a call is computed. */
export interface CallStates {
  readonly states: readonly State[];
  /** SQL of the result, over the states. */
  readonly result: string;
  /** False where all rows of a group must be there at once. */
  readonly merges: boolean;
  /** SQL over states and result, true where the result has no room in its type, and SQL of about what it is. Absent: it always has. */
  readonly lacksRoom?: { readonly when: string; readonly near: string };
}

/** A call with what is needed to compute it. */
export interface TypedCall extends AggregateCall {
  /** Begins the names of its states. */
  readonly prefix: string;
  readonly type: string;
  readonly givenTypes: readonly string[];
  /** Lanes of a sum of floating-point numbers, and whether there are some that are none (infinity, NaN). */
  readonly lanes?: { readonly of: readonly number[]; readonly odd: boolean };
  /** Of a sum of wide numbers: true where these may have a sum without room. */
  readonly inHalves?: boolean;
  /** SQL of the rows that a window function looks at. Absent: it is a group's call. */
  readonly over?: string;
}

const wholeNumber = /^(BOOLEAN|(TINY|SMALL|BIG|HUGE)?INT|INTEGER|U(TINY|SMALL|BIG)INT|UINTEGER|DECIMAL.*)$/;
const floating = /^(FLOAT|DOUBLE)$/;

/** Functions that give the same whatever the order of rows and however they are parted. */
const merging: Readonly<Record<string, string>> = {
  count: 'sum',
  count_star: 'sum',
  count_if: 'sum',
  countif: 'sum',
  regr_count: 'sum',
  min: 'min',
  max: 'max',
  bool_and: 'bool_and',
  bool_or: 'bool_or',
  bit_and: 'bit_and',
  bit_or: 'bit_or',
  bit_xor: 'bit_xor',
};

/** Functions that give the same whatever the order of rows, if all are there. */
const orderless =
  /^(count|count_star|count_if|countif|regr_count|min|max|bool_and|bool_or|bit_and|bit_or|bit_xor|median|mad|quantile|quantile_cont|quantile_disc|histogram|histogram_exact|approx_count_distinct|bitstring_agg)$/;

const means = new Set(['avg', 'mean', 'favg']);
const sums = new Set(['sum', 'fsum', 'sumkahan', 'kahan_sum']);

/** True for a sum or mean of floating-point numbers, whose last digits would depend on the order of addition. */
export function isFloatingSum({
  name,
  givenTypes,
  orders,
}: Pick<TypedCall, 'name' | 'givenTypes' | 'orders'>): boolean {
  return (means.has(name) || sums.has(name)) && orders.length === 0 && floating.test(givenTypes[0] ?? '');
}

/** Parts a call into states, so that it gives the same, bit by bit, however its rows are parted. */
export function callStates(call: TypedCall): CallStates {
  const { name, givenTypes, distinct, sql, type } = call;
  const ordered = call.orders.length > 0;
  if (isFloatingSum(call)) return floatingSum(call);
  if (isWideSum(call)) return wideSum(call);
  const state = (suffix: string, parts: Omit<State, 'name' | 'merge'> & { readonly merge: string }) =>
    stateOf(`${call.prefix}${suffix}`, parts);
  const exact = wholeNumber.test(givenTypes[0] ?? '');
  if (exact && !ordered && (means.has(name) || name === 'sum')) {
    const [only] = call.given;
    const total = state('sum', {
      sql: inner(call, 'sum', only!),
      merge: 'sum',
      ...(!/^DECIMAL/.test(givenTypes[0]!) && { huge: 'HUGEINT' }),
    });
    if (name === 'sum') return { states: [total], result: `${quoted(total.name)}::${type}`, merges: !distinct };
    const rows = state('count', { sql: inner(call, 'count', only!), merge: 'sum', huge: 'HUGEINT' });
    const result = `(${quoted(total.name)}::DOUBLE / ${quoted(rows.name)})::${type}`;
    return { states: [total, rows], result, merges: !distinct };
  }
  const merge = givenTypes.length < 2 || name === 'regr_count' ? merging[name] : undefined;
  const value = quoted(`${call.prefix}value`);
  if (merge !== undefined && !ordered) {
    const counts = merge === 'sum';
    // Zero has two signs, of which either may come first.
    const result = counts ? `coalesce(${value}, 0)` : floating.test(type) ? `(${value} + 0)` : value;
    const huge = counts ? 'HUGEINT' : (/^U?HUGEINT$/.exec(type)?.[0] as State['huge']);
    return {
      states: [state('value', { sql, merge, ...(huge && { huge }) })],
      result: `${result}::${type}`,
      merges: !distinct,
    };
  }
  const rows = orderless.test(name) && !ordered ? sql : call.inOrder;
  return { states: [state('value', { sql: rows, merge: 'any_value' })], result: value, merges: false };
}

/** The halves of a sum travel, whether or not they were added half by half: those of all chunks may have no room together. */
function wideSum(call: TypedCall): CallStates {
  const { prefix, name, type, distinct } = call;
  const given = call.givenTypes[0]!;
  const { states, high, low } = halvesIn(call);
  const total = fromHalves({ high, low }, given);
  const near = nearHalves({ high, low }, given);
  if (name === 'sum') {
    const when = `${high} IS NOT NULL AND ${quoted(prefix)} IS NULL`;
    return { states, result: `(${total})::${type}`, merges: !distinct, lacksRoom: { when, near } };
  }
  const rows = stateOf(`${prefix}count`, { sql: inner(call, 'count', call.given[0]!), merge: 'sum', huge: 'HUGEINT' });
  const result = `(coalesce((${total})::DOUBLE, ${near}) / ${quoted(rows.name)})::${type}`;
  return { states: [...states, rows], result, merges: !distinct };
}

function halvesIn(call: TypedCall): { states: readonly State[]; high: string; low: string } {
  const { prefix, inHalves, distinct } = call;
  const only = call.given[0]!;
  const given = call.givenTypes[0]!;
  const all = { ...call, where: undefined };
  if (inHalves && distinct) {
    // Different numbers may have equal halves, so it is the numbers that must differ.
    const numbers = inner(all, 'list', addendOf(call));
    const add = (value: string) => `list_sum(list_transform(${numbers}, lambda __one: ${value}))`;
    const both = stateOf(`${prefix}value`, { sql: bothHalves('__one', given, add), merge: 'any_value' });
    return { states: [both], high: `${quoted(both.name)}.high`, low: `${quoted(both.name)}.low` };
  }
  const add = (value: string) => inner(all, 'sum', value);
  const sums = inHalves ? halvesOf(addendOf(call), given, add) : halvesOf(inner(call, 'sum', only), given, undefined);
  const states = [
    stateOf(`${prefix}high`, { sql: sums.high, merge: 'sum', huge: 'HUGEINT' }),
    stateOf(`${prefix}low`, { sql: sums.low, merge: 'sum', huge: 'HUGEINT' }),
  ];
  return { states, high: quoted(`${prefix}high`), low: quoted(`${prefix}low`) };
}

function stateOf(name: string, { sql, merge, huge }: Omit<State, 'name'>): State {
  const column = huge ? `${quoted(name)}::${huge}` : quoted(name);
  return { name, sql, merge: `${merge}(${column})`, ...(huge && { huge }) };
}

function inner({ distinct, where, over }: TypedCall, name: string, value: string): string {
  return `${name}(${distinct ? 'DISTINCT ' : ''}${value})${where ? ` FILTER (WHERE ${where})` : ''}${over ? ` ${over}` : ''}`;
}

/** SQL of what a sum of floating-point numbers adds up. */
export function addend(call: TypedCall): string {
  return addendOf(call, '::DOUBLE');
}

/** SQL of what a sum adds up; nothing else is computed of rows that it does not take in. */
export function addendOf({ given, where }: TypedCall, cast = ''): string {
  const value = `(${given[0]})${cast}`;
  return where ? `CASE WHEN ${where} THEN ${value} END` : value;
}

function floatingSum(call: TypedCall): CallStates {
  const { prefix, name, lanes, distinct, type } = call;
  const value = addend(call);
  const all = { ...call, where: undefined };
  const { of, odd } = lanes ?? { of: [], odd: false };
  const column = (suffix: string) => quoted(`${prefix}${suffix}`);
  const states: State[] = [
    stateOf(`${prefix}count`, { sql: inner(all, 'count', value), merge: 'sum', huge: 'HUGEINT' }),
    stateOf(`${prefix}odd`, {
      // Sums of infinities and NaN are the same in any order.
      sql: odd ? inner(all, 'sum', `CASE WHEN NOT isfinite(${value}) THEN ${value} END`) : 'NULL::DOUBLE',
      merge: 'sum',
    }),
    ...of.map((lane) =>
      stateOf(`${prefix}lane_${lane}`, {
        sql: inner(all, 'sum', laneSql(value, lane, of.length === 1 && !odd)),
        merge: 'sum',
        huge: 'HUGEINT',
      }),
    ),
  ];
  const added = of.map((lane) => `coalesce(${fromLane(column(`lane_${lane}`), lane)}, 0)`);
  // NaN has a sign that depends on the processor.
  const strange = `CASE WHEN isnan(${column('odd')}) THEN 'nan'::DOUBLE ELSE ${column('odd')} END`;
  const total = `coalesce(${strange}, ${['0::DOUBLE', ...added].join(' + ')})`;
  const result = means.has(name) ? `${total} / ${column('count')}` : total;
  return { states, result: `CASE WHEN ${column('count')} > 0 THEN (${result})::${type} END`, merges: !distinct };
}
