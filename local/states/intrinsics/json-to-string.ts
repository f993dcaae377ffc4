import { expectCount, type Intrinsic } from './intrinsic.ts';

/** `States.JsonToString(value)` */
export const jsonToString: Intrinsic = (args) => {
  expectCount(args, 1);
  return JSON.stringify(args[0]);
};
