import * as z from 'zod';
import { refusal } from './refusal.ts';

/** How a text says a time. A format without a specifier would fit no text, and reject every row. */
export const timeFormatSchema = z
  .string()
  .min(1)
  .refine(
    (format) => format.includes('%'),
    refusal('holds nothing that is read: every specifier begins with %', {
      allowed: 'a strptime format, e.g. %d.%m.%Y, %Y-%m-%dT%H:%M:%S, %b %d %Y',
      change: 'write %Y for the year, %m for the month, %d for the day, and so on',
    }),
  );
