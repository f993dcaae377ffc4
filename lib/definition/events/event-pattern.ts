import { type EventFilter, eventOperators } from '../../component/event-filters.ts';
import type { EventPattern } from '../../component/plan.ts';
import type { Path } from '../../component/shape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Problem } from '../problem.ts';

/** What is wrong with a part of a pattern, by its path in what the user wrote. */
export type PatternFault = Omit<Problem, 'at' | 'part'> & { readonly path: Path };

/** EventBridge takes no longer pattern unless it is asked to. */
const longestPattern = 2048;

/** Why a pattern of events is none, or matches nothing. */
export function patternFaults({ source, detailType, detail }: EventPattern): PatternFault[] {
  const faults = [
    ...listFaults(source, ['source'], { alwaysThere: true }),
    ...(detailType ? listFaults(detailType, ['detailType'], { alwaysThere: true }) : []),
    ...(detail ? fieldFaults(detail, ['detail']) : []),
  ];
  if (faults.length > 0) return faults;
  const { length } = JSON.stringify({ source, 'detail-type': detailType, detail });
  if (length <= longestPattern) return [];
  return [
    {
      path: [],
      problem: 'the pattern is longer than EventBridge takes',
      received: `${length} characters`,
      allowed: `${longestPattern} characters`,
      change: 'ask for less, or make several triggers',
    },
  ];
}

function fieldFaults(fields: Readonly<Record<string, unknown>>, path: Path): PatternFault[] {
  const entries = Object.entries(fields);
  if (entries.length === 0)
    return [never(path, 'names no field, and EventBridge does not take it', fields, 'at least one field', 'name one')];
  return entries.flatMap(([name, value]) => {
    const here = [...path, name];
    if (name === '$or') return alternativeFaults(value, here);
    if (Array.isArray(value)) return listFaults(value, here, { alwaysThere: false });
    if (typeof value === 'object' && value !== null) return fieldFaults(value as Record<string, unknown>, here);
    const change = `write [${JSON.stringify(value)}]`;
    return [never(here, 'is not a list of what it may be', value, 'a list of values and filters', change)];
  });
}

function alternativeFaults(value: unknown, path: Path): PatternFault[] {
  const isList = Array.isArray(value) && value.length > 1;
  if (!isList || value.some((one) => typeof one !== 'object' || one === null || Array.isArray(one))) {
    const allowed = 'a list of two or more objects, each with fields';
    return [never(path, 'does not list alternatives', value, allowed, 'write the alternatives, or leave it out')];
  }
  return value.flatMap((one, index) => fieldFaults(one, [...path, index]));
}

function listFaults(filters: readonly unknown[], path: Path, field: { readonly alwaysThere: boolean }): PatternFault[] {
  if (filters.length === 0)
    return [never(path, 'is empty, and nothing matches it', [], 'at least one value', 'add one, or leave it out')];
  return filters.flatMap((filter, index) => filterFaults(filter, [...path, index], field));
}

function filterFaults(filter: unknown, path: Path, { alwaysThere }: { readonly alwaysThere: boolean }): PatternFault[] {
  if (Array.isArray(filter))
    return [never(path, 'is a list in a list', filter, 'values and filters', 'take the inner brackets away')];
  if (typeof filter === 'bigint')
    return [
      never(path, 'is beyond the numbers that events can hold', String(filter), 'numbers up to 2^53', 'write a text'),
    ];
  if (typeof filter !== 'object' || filter === null) return [];
  const names = Object.keys(eventOperators);
  const [entry, ...more] = Object.entries(filter);
  if (!entry || more.length > 0) {
    const change = 'write each filter as an object of its own; one of them has to match';
    return [never(path, 'is not one filter', filter, names, change)];
  }
  const [name, operand] = entry;
  if (!Object.hasOwn(eventOperators, name)) {
    const guess = nearest(name, names);
    const change = guess ? `did you mean "${guess}"?` : 'take one of them';
    return [never([...path, name], 'compares by what EventBridge does not know', name, names, change)];
  }
  const { wrong, allowed } = eventOperators[name]!;
  const fault = wrong(operand);
  if (fault === 'wrong')
    return [never([...path, name], `is nothing to compare by`, operand, allowed, `give ${allowed}`)];
  if (fault === 'never')
    return [never([...path, name], 'contradicts itself: no number lies there', operand, allowed, 'swap the bounds')];
  if (alwaysThere && name === 'exists' && operand === false)
    return [never([...path, name], 'matches nothing: every event has this field', filter, 'values', 'leave it out')];
  return [];
}

function never(path: Path, problem: string, received: unknown, allowed: unknown, change: string): PatternFault {
  const name = path.filter((step) => typeof step === 'string').join('.') || 'the pattern';
  return { path, problem: `${name} ${problem}`, received, allowed, change };
}

/** What a field may be, where the pattern says so for every event: not within alternatives. */
export function filtersOf({ detail }: EventPattern, ...path: readonly string[]): readonly EventFilter[] | undefined {
  const value = path.reduce<any>((inner, name) => inner?.[name], detail);
  return Array.isArray(value) ? value : undefined;
}
