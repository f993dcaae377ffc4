import { expectCount, type Intrinsic, integerAt } from './intrinsic.ts';

/** `States.MathAdd(a, b)`: of integers; others are rounded first, halves upwards. */
export const mathAdd: Intrinsic = (args) => {
  expectCount(args, 2);
  return integerAt(args, 0) + integerAt(args, 1);
};
