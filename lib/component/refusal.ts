import type { Path } from './shape.ts';

/** What a check over options says where it fails, beside what was received. */
interface Refusal {
  /** The option that is at fault, below what is checked; default: the whole of it. */
  readonly path?: Path;
  readonly allowed: string;
  readonly change: string;
}

/**
 * The message of a check of zod's `refine` in our four parts.
 * @param problem begins with the verb where it goes on after the option's name, e.g. `has no named group`
 */
export function refusal(problem: string, { path, allowed, change }: Refusal) {
  return { message: problem, ...(path && { path: [...path] }), params: { allowed, change } };
}
