import { arrayAt, expectCount, type Intrinsic } from './intrinsic.ts';

/** `States.ArrayLength(array)` */
export const arrayLength: Intrinsic = (args) => {
  expectCount(args, 1);
  return arrayAt(args, 0).length;
};
