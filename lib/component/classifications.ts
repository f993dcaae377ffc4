import type { Classification } from './plan.ts';

/** From the least to the most confined. */
export const classifications = ['public', 'internal', 'confidential', 'restricted'] as const satisfies Classification[];

/** The more confined of two; undefined says nothing. */
export function moreConfined(a: Classification | undefined, b: Classification | undefined): Classification | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isMoreConfined(a, b) ? a : b;
}

export function isMoreConfined(a: Classification, than: Classification): boolean {
  return classifications.indexOf(a) > classifications.indexOf(than);
}
