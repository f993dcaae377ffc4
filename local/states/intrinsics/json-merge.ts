import { isObject } from '../json.ts';
import { expectCount, type Intrinsic, IntrinsicError } from './intrinsic.ts';

/** `States.JsonMerge(a, b, deep)`: members of `b` win. AWS offers the shallow merge only: `deep` must be false. */
export const jsonMerge: Intrinsic = (args) => {
  expectCount(args, 3);
  const [first, second, deep] = args;
  if (!isObject(first) || !isObject(second)) throw new IntrinsicError('both values must be objects');
  if (deep !== false) throw new IntrinsicError('the third argument must be false: there is no deep merge');
  return { ...first, ...second };
};
