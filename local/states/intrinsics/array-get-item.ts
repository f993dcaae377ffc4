import { arrayAt, expectCount, type Intrinsic, IntrinsicError, integerAt } from './intrinsic.ts';

/** `States.ArrayGetItem(array, index)` */
export const arrayGetItem: Intrinsic = (args) => {
  expectCount(args, 2);
  const items = arrayAt(args, 0);
  const index = integerAt(args, 1);
  if (index < 0 || index >= items.length)
    throw new IntrinsicError(`the index ${index} is outside of the array of ${items.length}`);
  return items[index];
};
