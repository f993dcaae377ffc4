import type { Json } from '../json.ts';

/** What an intrinsic function may use besides its arguments. */
export interface IntrinsicSurroundings {
  /** Uniform in [0, 1). */
  random(): number;
}

/** One `States.…` function. Throws `IntrinsicError` for arguments that it cannot take. */
export type Intrinsic = (args: readonly Json[], surroundings: IntrinsicSurroundings) => Json;

/** A path among the arguments of an intrinsic function leads nowhere; the execution ends. */
export class MissingArgumentError extends Error {}

/** An intrinsic function could not be computed; the state fails with States.IntrinsicFailure. */
export class IntrinsicError extends Error {}

/** Throws unless there are `least` to `most` arguments. */
export function expectCount(args: readonly Json[], least: number, most = least): void {
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw new IntrinsicError(`got ${args.length} arguments, takes ${wanted}`);
}

export function arrayAt(args: readonly Json[], at: number): Json[] {
  const value = args[at];
  if (!Array.isArray(value))
    throw new IntrinsicError(`argument ${at + 1} is ${JSON.stringify(value)}, must be an array`);
  return value;
}

export function stringAt(args: readonly Json[], at: number): string {
  const value = args[at];
  if (typeof value !== 'string')
    throw new IntrinsicError(`argument ${at + 1} is ${JSON.stringify(value)}, must be a string`);
  return value;
}

/** Numbers are rounded to integers, halves upwards. */
export function integerAt(args: readonly Json[], at: number): number {
  const value = args[at];
  if (typeof value !== 'number')
    throw new IntrinsicError(`argument ${at + 1} is ${JSON.stringify(value)}, must be a number`);
  return Math.round(value) + 0;
}
