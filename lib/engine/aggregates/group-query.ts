import type { Column } from '../../component/plan.ts';
import { type GroupShape, quoted } from '../../component/shape.ts';
import { type Relation, rowColumn } from '../relation.ts';
import type { Session } from '../session.ts';
import { storableType } from '../stored-type.ts';
import { aggregateCalls, functionsOf, type Measure, typesOf } from './aggregate-calls.ts';
import {
  addend,
  addendOf,
  type CallStates,
  callStates,
  isFloatingSum,
  type State,
  type TypedCall,
} from './aggregate-states.ts';
import { lanesBetween } from './exact-sum.ts';
import { isWideSum, mayOverflow } from './wide-sum.ts';

/** Hidden column of rows that stand for several: how many. */
export const weightColumn = '__rows';

/** The measures of a grouping, taken apart into calls, whose types are known. */
interface Parts {
  readonly session: Session;
  readonly shape: GroupShape;
  readonly measures: Measured;
}

export type Measured = readonly { readonly name: string; readonly measure: Measure; readonly calls: TypedCall[] }[];

/** SQL of what is known of a group already, by the name of the state. */
export type KnownStates = ReadonlyMap<string, string>;
const none: KnownStates = new Map();

/** True where each chunk can merge the rows of a group before they travel, and the result is the same, bit by bit. */
export async function groupsMerge(session: Session, shape: GroupShape, columns: readonly Column[]): Promise<boolean> {
  const { measures } = await partsOf(session, shape, columns);
  const calls = measures.flatMap((one) => one.calls);
  const storable = ({ type }: TypedCall) => /^U?HUGEINT$/.test(type) || storableType(type) !== undefined;
  return calls.every((call) => callStates(call).merges && storable(call));
}

/** A grouping in two steps: what the calls of its measures give of each group, and what the measures make of that. */
export interface Groups {
  /** SQL of a row for each group: its keys, the results of all calls under names of their own, and the hidden row column. */
  readonly select: string;
  /** Those results. */
  readonly results: readonly (Column & { /** SQL of the call. */ readonly call: string })[];
  /** SQL of the measures over the results, and the name of the first that each takes. */
  readonly values: readonly { readonly name: string; readonly sql: string; readonly first: string | undefined }[];
  /** Measures with a call whose result may have no room in its type: SQL that is true for such groups, and of about what it is. */
  readonly roomless: readonly { readonly name: string; readonly when: string; readonly near: string }[];
}

/** The groups of all rows, whether those of the input are rows or groups that chunks have merged. */
export async function groupsOf(session: Session, shape: GroupShape, input: Relation): Promise<Groups> {
  return groupsFrom(shape, await measuresOf(session, shape, input), input);
}

/** The same of measures that were made ready before, for these rows or for more. */
export function groupsFrom(shape: GroupShape, measured: Measured, input: Relation, known: KnownStates = none): Groups {
  const calls = measured.flatMap((one) => one.calls);
  const results = calls.map((call) => `${callStates(call).result} AS ${quoted(call.prefix)}`);
  const states = statesQuery(shape, measured, { ...input, known });
  return {
    select: `SELECT ${['*', ...results].join(', ')} FROM (${states})`,
    results: calls.map(({ prefix, type, sql }) => ({ name: prefix, type, nullable: true, call: sql })),
    values: measured.map(({ name, measure, calls }) => ({
      name,
      sql: measure.template((index) => calls[index]!.prefix),
      first: calls[0]?.prefix,
    })),
    roomless: measured.flatMap(({ name, calls }) =>
      calls.flatMap((call) => {
        const { lacksRoom } = callStates(call);
        return lacksRoom ? [{ name, ...lacksRoom }] : [];
      }),
    ),
  };
}

/** The measures of a grouping with all that is needed to compute them. */
export async function measuresOf(session: Session, shape: GroupShape, input: Relation): Promise<Measured> {
  const parts = await partsOf(session, shape, input.columns);
  if (input.merged) return withLanesOf(parts, input);
  return withHalves({ ...parts, measures: await withLanes(parts, input) }, input);
}

/** SQL of what a chunk hands on in the place of its rows: a row for each group, with the states of its measures. */
export async function mergedGroups(session: Session, shape: GroupShape, input: Relation): Promise<string> {
  const measured = await measuresOf(session, shape, input);
  const text = statesOf(measured).flatMap(({ name, huge }) =>
    huge ? [`${quoted(name)}::VARCHAR AS ${quoted(name)}`] : [],
  );
  const replaced = text.length > 0 ? ` REPLACE (${text.join(', ')})` : '';
  return `SELECT *${replaced} FROM (${statesQuery(shape, measured, { ...input, known: none }, `count(*) AS ${weightColumn}`)})`;
}

function statesQuery(
  shape: GroupShape,
  measured: Measured,
  input: Relation & { readonly known: KnownStates },
  ...more: string[]
): string {
  const keys = shape.keys.map(({ name, expression }) => `${expression.sql} AS ${quoted(name)}`);
  const states = statesOf(measured).map(
    ({ name, sql, merge }) => `${input.known.get(name) ?? (input.merged ? merge : sql)} AS ${quoted(name)}`,
  );
  const columns = [...keys, ...states, ...more, `min(${rowColumn}) AS ${rowColumn}`];
  const by = shape.keys.map(({ expression }) => expression.sql).join(', ');
  // Without keys SQL makes one group of no rows at all; a run over nothing publishes nothing.
  return `SELECT ${columns.join(', ')} FROM ${input.name}${by ? ` GROUP BY ${by}` : ''} HAVING count(*) > 0`;
}

function statesOf(measured: Measured): State[] {
  return measured.flatMap(({ calls }) =>
    calls.flatMap((call): readonly State[] => (callStates(call) as CallStates).states),
  );
}

async function partsOf(session: Session, shape: GroupShape, columns: readonly Column[]): Promise<Parts> {
  const measures: Measured[number][] = [];
  const functions = await functionsOf(session);
  for (const [place, { name, expression, where }] of shape.measures.entries()) {
    const measure = await aggregateCalls(session, functions, {
      sql: expression.sql,
      where: where?.sql,
      row: rowColumn,
    });
    const types = await typesOf(
      session,
      measure.calls.map(({ sql }) => sql),
      columns,
    );
    const calls: TypedCall[] = [];
    for (const [index, call] of measure.calls.entries()) {
      const givenTypes = await typesOf(session, call.given, columns);
      calls.push({ ...call, prefix: `__${place}_${index}_`, type: types[index]!, givenTypes });
    }
    measures.push({ name, measure, calls });
  }
  return { session, shape, measures };
}

/** Looks which sizes of numbers there are, so that no row is put to the test of a lane that nothing is in. */
async function withLanes({ session, measures }: Parts, input: Relation): Promise<Measured> {
  const values = new Set(measures.flatMap(({ calls }) => calls.filter(isFloatingSum).map(addend)));
  if (values.size === 0) return measures;
  const asked = [...values].map((value) => {
    const size = `abs(${value})`;
    const finite = `isfinite(${value})`;
    return `[min(${size}) FILTER (${finite} AND ${size} > 0), max(${size}) FILTER (${finite} AND ${size} > 0)], coalesce(bool_or(NOT ${finite}), false)`;
  });
  const [row] = await session.rows(`SELECT ${asked.join(', ')} FROM ${input.name}`);
  const answers = Object.values(row!);
  const known = new Map(
    [...values].map((value, index) => {
      const [from, to] = answers[index * 2] as [number | null, number | null];
      return [value, { of: from === null ? [] : lanesBetween(from, to!), odd: answers[index * 2 + 1] as boolean }];
    }),
  );
  return laned(measures, (call) => known.get(addend(call))!);
}

/** Looks how large wide numbers are, so that they are added in halves only where they must be. */
async function withHalves({ session, measures }: Parts, input: Relation): Promise<Measured> {
  const wide = measures.flatMap(({ calls }) => calls.filter(isWideSum));
  if (wide.length === 0) return measures;
  const asked = wide.map((call) => `min(${addendOf(call)})::VARCHAR, max(${addendOf(call)})::VARCHAR`);
  const [row] = await session.rows(`SELECT ${asked.join(', ')} FROM ${input.name}`);
  const answers = Object.values(row!) as (string | null)[];
  const inHalves = new Set(
    wide.filter(({ givenTypes }, index) => {
      const [from, to] = [answers[index * 2], answers[index * 2 + 1]];
      return from != null && to != null && mayOverflow(givenTypes[0]!, { from, to, rows: input.rows });
    }),
  );
  return measures.map((one) => ({
    ...one,
    calls: one.calls.map((call) => (inHalves.has(call) ? { ...call, inHalves: true } : call)),
  }));
}

/** Those that some chunk has used. */
async function withLanesOf({ session, measures }: Parts, input: Relation): Promise<Measured> {
  const names = (await session.columns(`FROM ${input.name}`)).map(({ name }) => name);
  return laned(measures, ({ prefix }) => {
    const lane = `${prefix}lane_`;
    const of = names.flatMap((name) => (name.startsWith(lane) ? [Number(name.slice(lane.length))] : []));
    return { of: of.sort((a, b) => a - b), odd: true };
  });
}

function laned(measures: Measured, lanes: (call: TypedCall) => NonNullable<TypedCall['lanes']>): Measured {
  return measures.map((one) => ({
    ...one,
    calls: one.calls.map((call) => (isFloatingSum(call) ? { ...call, lanes: lanes(call) } : call)),
  }));
}
