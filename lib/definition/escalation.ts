import * as z from 'zod';
import { refusal } from '../component/refusal.ts';
import { parseDuration } from '../core/parse-duration.ts';

const forms = 'an e-mail address, an https:// address, or the ARN of an SNS topic';
const receiver = z
  .string()
  .regex(
    /^([^\s@]+@[^\s@]+\.[^\s@]+|https:\/\/\S+|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+)$/,
    `is not one who can be told: ${forms}`,
  );

const level = z.strictObject({
  after: z
    .string()
    .regex(
      /^(0|[1-9]\d{0,5}) (second|minute|hour|day)s?$/,
      'is not a time such as "0 minutes", "30 minutes" or "2 hours"',
    )
    .default('0 minutes')
    .describe('how long after it began, e.g. "30 minutes"; default: at once'),
  to: z.union([receiver, z.array(receiver).min(1)]).describe(forms),
});

/** Who is told that a run failed or waits, or that a system outside is away, and when. */
export const escalateSchema = z
  .array(level)
  .min(1)
  .max(8)
  .superRefine((levels, { addIssue }) => {
    const told = new Set<string>();
    for (const [index, { after, to }] of levels.entries()) {
      const before = levels[index - 1];
      if (before && secondsOf(after) <= secondsOf(before.after))
        addIssue({
          code: 'custom',
          input: after,
          ...refusal('is not later than the level before it', {
            path: [index, 'after'],
            allowed: `more than ${before.after}`,
            change: 'order the levels by their times',
          }),
        });
      for (const one of [to].flat()) {
        if (told.has(one))
          addIssue({
            code: 'custom',
            input: one,
            ...refusal('is told twice of the same', {
              path: [index, 'to'],
              allowed: 'each receiver in one level',
              change: 'take it out of one of them',
            }),
          });
        told.add(one);
      }
    }
  });

/** A level as a plan has it. */
export function levelOf({ after, to }: z.output<typeof level>): {
  readonly afterSeconds: number;
  readonly to: string[];
} {
  return { afterSeconds: secondsOf(after), to: [to].flat() };
}

function secondsOf(after: string): number {
  return after.startsWith('0 ') ? 0 : parseDuration(after) / 1000;
}
