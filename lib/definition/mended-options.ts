import type * as z from 'zod';

/** So many options can be wrong only because of one that was left out before. */
const mostRounds = 3;

/** Options without those that are wrong, as their schema returns them; undefined where it needs one of these. */
export function mendedOptions(schema: z.ZodType, given: unknown): Record<string, unknown> | undefined {
  let options: unknown = given;
  for (let round = 0; round < mostRounds; round++) {
    const { success, data, error } = schema.safeParse(options);
    if (success) return data as Record<string, unknown>;
    if (typeof options !== 'object' || options === null) return undefined;
    const wrong = error.issues.flatMap((issue) => {
      const [option] = issue.path;
      return option === undefined && issue.code === 'unrecognized_keys' ? issue.keys : [option];
    });
    options = Object.fromEntries(Object.entries(options).filter(([name]) => !wrong.includes(name)));
  }
  return undefined;
}
