import type { Intrinsic } from './intrinsic.ts';

/** `States.Array(a, b, …)`: its arguments as an array. */
export const array: Intrinsic = (args) => [...args];
