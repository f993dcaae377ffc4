import { isDeepStrictEqual } from 'node:util';
import { arrayAt, expectCount, type Intrinsic } from './intrinsic.ts';

/** `States.ArrayContains(array, value)` */
export const arrayContains: Intrinsic = (args) => {
  expectCount(args, 2);
  return arrayAt(args, 0).some((item) => isDeepStrictEqual(item, args[1]));
};
