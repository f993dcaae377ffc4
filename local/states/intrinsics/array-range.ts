import { expectCount, type Intrinsic, IntrinsicError, integerAt } from './intrinsic.ts';

const maxItems = 1_000;

/** `States.ArrayRange(first, last, step)`: both ends included. At most 1,000 items. */
export const arrayRange: Intrinsic = (args) => {
  expectCount(args, 3);
  const [first, last, step] = [integerAt(args, 0), integerAt(args, 1), integerAt(args, 2)];
  if (step === 0) throw new IntrinsicError('the step is 0, must not be');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > maxItems) throw new IntrinsicError(`the range has ${count} items, at most ${maxItems} are allowed`);
  return Array.from({ length: count }, (_, index) => first + index * step);
};
