import type { Element, Field, Leaf } from './flatten.ts';

/** What one path of a pattern accepts: a field that passes one of the tests or, where `absent`, no field at all. */
export interface Condition {
  readonly path: string;
  readonly tests: readonly ((value: Leaf) => boolean)[];
  readonly absent: boolean;
}

/** Conditions that must all hold. A pattern is one of these, or several where it has `$or`. */
export type Alternative = readonly Condition[];

/**
 * Whether every condition holds, with fields that fit together: where several conditions look into one array, their
 * fields come from the same element.
 */
export function matchesAlternative(alternative: Alternative, fields: ReadonlyMap<string, readonly Field[]>): boolean {
  const candidates: (readonly Field[])[] = [];
  for (const { path, tests, absent } of alternative) {
    const present = fields.get(path);
    if (!present) {
      if (absent) continue;
      return false;
    }
    const passing = present.filter(({ value }) => tests.some((test) => test(value)));
    if (passing.length === 0) return false;
    candidates.push(passing);
  }
  // A field outside arrays fits with everything, so only conditions that look into arrays need a search.
  const inArrays = candidates.filter((passing) => !passing.some((field) => field.element === undefined));
  return fitTogether(inArrays, 0, new Map());
}

function fitTogether(
  candidates: readonly (readonly Field[])[],
  position: number,
  chosen: ReadonlyMap<number, number>,
): boolean {
  const passing = candidates[position];
  if (!passing) return true;
  for (const { element } of passing) {
    const merged = merge(chosen, element);
    if (merged && fitTogether(candidates, position + 1, merged)) return true;
  }
  return false;
}

function merge(chosen: ReadonlyMap<number, number>, innermost: Element | undefined): Map<number, number> | undefined {
  const merged = new Map(chosen);
  for (let element = innermost; element; element = element.outer) {
    const taken = merged.get(element.array);
    if (taken !== undefined && taken !== element.index) return undefined;
    merged.set(element.array, element.index);
  }
  return merged;
}
