import { javaRandom } from '../java-random.ts';
import { expectCount, type Intrinsic, IntrinsicError, integerAt } from './intrinsic.ts';

/** `States.MathRandom(start, end, seed?)`: an integer from `start` to below `end`; with a seed always the same one. */
export const mathRandom: Intrinsic = (args, { random }) => {
  expectCount(args, 2, 3);
  const [start, end] = [integerAt(args, 0), integerAt(args, 1)];
  if (start >= end) throw new IntrinsicError(`the start ${start} must be below the end ${end}`);
  if (args.length === 3) return start + javaRandom(integerAt(args, 2)).nextInt(end - start);
  return start + Math.floor(random() * (end - start));
};
