import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../json.ts';
import { arrayAt, expectCount, type Intrinsic } from './intrinsic.ts';

/** `States.ArrayUnique(array)`: each value once, at its first place. */
export const arrayUnique: Intrinsic = (args) => {
  expectCount(args, 1);
  const scalars = new Set<Json>();
  const compounds: Json[] = [];
  return arrayAt(args, 0).filter((item) => {
    if (typeof item !== 'object' || item === null) {
      if (scalars.has(item)) return false;
      scalars.add(item);
      return true;
    }
    if (compounds.some((known) => isDeepStrictEqual(known, item))) return false;
    compounds.push(item);
    return true;
  });
};
