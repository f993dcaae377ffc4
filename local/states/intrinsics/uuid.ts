import { randomUUID } from 'node:crypto';
import { expectCount, type Intrinsic } from './intrinsic.ts';

/** `States.UUID()`: a random (version 4) UUID. */
export const uuid: Intrinsic = (args) => {
  expectCount(args, 0);
  return randomUUID();
};
