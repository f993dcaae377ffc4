import { arrayAt, expectCount, type Intrinsic, IntrinsicError, integerAt } from './intrinsic.ts';

/** `States.ArrayPartition(array, size)`: the array in chunks of at most `size` items. */
export const arrayPartition: Intrinsic = (args) => {
  expectCount(args, 2);
  const items = arrayAt(args, 0);
  const size = integerAt(args, 1);
  if (size < 1) throw new IntrinsicError(`the chunk size is ${size}, must be positive`);
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
};
