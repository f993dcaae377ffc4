import { singleValue } from './single-value.ts';
import type { TableValue } from './table-value.ts';

/** Longer texts are cut to so many code points: bounds are for skipping files, and lie in every manifest. */
const longestText = 16;

/** What stands as lower bound for the smallest value. */
export function lowerBound(type: string, value: TableValue): Buffer {
  if (type !== 'string') return singleValue(type, value);
  return singleValue(type, [...(value as string)].slice(0, longestText).join(''));
}

/** What stands as upper bound for the greatest value; undefined where a cut text has no successor. */
export function upperBound(type: string, value: TableValue): Buffer | undefined {
  if (type !== 'string') return singleValue(type, value);
  const points = [...(value as string)];
  if (points.length <= longestText) return singleValue(type, value);
  const kept = points.slice(0, longestText);
  while (kept.length > 0) {
    const next = successor(kept.pop()!);
    if (next !== undefined) return singleValue(type, [...kept, next].join(''));
  }
  return undefined;
}

const firstSurrogate = 0xd800;
const behindSurrogates = 0xe000;

function successor(point: string): string | undefined {
  const next = point.codePointAt(0)! + 1;
  if (next > 0x10ffff) return undefined;
  return String.fromCodePoint(next === firstSurrogate ? behindSurrogates : next);
}
