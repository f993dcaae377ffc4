import * as z from 'zod';
import type { SourceReference } from '../component/connector.ts';
import { durationPattern } from '../core/parse-duration.ts';

/** Behind the largest value of a column that was published. */
const watermarkSchema = z.strictObject({
  by: z
    .string()
    .min(1)
    .describe(
      'column that only grows, e.g. a time of change: rows at or below the largest published value are passed over',
    ),
  lag: z
    .string()
    .regex(durationPattern, 'is not a duration such as "2 hours" or "1 day"')
    .optional()
    .describe(
      'how late rows may come: those of so long before that value are taken once more, and merged by their key',
    ),
});

/** Behind what was taken of each file. */
const offsetSchema = z.strictObject({
  offset: z
    .literal(true)
    .describe('files only grow: of a new version what was added is read, up to the last whole record'),
  changed: z
    .enum(['stop', 'again'])
    .default('stop')
    .describe(
      'a file that is shorter, or has other bytes where it was read: its run fails, or takes it from its beginning',
    ),
});

/** How a source goes on where earlier runs have ended. */
export const incrementalSchema = z.union([watermarkSchema, offsetSchema]);

export type Incremental = z.output<typeof incrementalSchema>;

/** What `from()` takes beside the source and its contract. */
export const sourceOptionsSchema = z.strictObject({
  incremental: incrementalSchema.optional().describe('go on where earlier runs have ended; default: read all there is'),
  damaged: z
    .enum(['fail', 'reject'])
    .optional()
    .describe(
      "a file that is cut short or broken as a whole: it fails its run, or none of it is taken and it is one reject; default: 'fail'",
    ),
  // The graph says what is wrong with it: it holds a source with options of its own.
  fallback: z
    .custom<'empty' | 'last-good' | { readonly source: SourceReference }>()
    .optional()
    .describe('what is read once all attempts to read the source are spent; default: the run fails'),
});

export type SourceOptions = z.input<typeof sourceOptionsSchema>;
