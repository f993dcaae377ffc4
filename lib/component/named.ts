import * as z from 'zod';
import { refusal } from './refusal.ts';

/**
 * Options by name, of which there has to be one: a step that is given none would do nothing.
 * @param one what a name stands for, as an error says it, e.g. `a column with its expression`
 * @param example how it is written, e.g. `{ day: 'date::DATE' }`
 */
export function named<Value extends z.ZodType>(value: Value, { one, example }: { one: string; example: string }) {
  return z
    .record(z.string().min(1), value)
    .refine(
      (given) => Object.keys(given).length > 0,
      refusal('is empty, so that the step would do nothing', {
        allowed: `${one}, or several`,
        change: `name one, e.g. ${example}, or leave the step out`,
      }),
    )
    .meta({ minProperties: 1 });
}
