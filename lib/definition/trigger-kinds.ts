import * as z from 'zod';
import type { EventFilter } from '../component/event-filters.ts';
import type { FileRule, Trigger } from '../component/plan.ts';
import { refusal } from '../component/refusal.ts';
import { day, second } from '../core/durations.ts';
import { durationPattern, parseDuration } from '../core/parse-duration.ts';

/** A kind of trigger: what stands behind its name, and the options beside it. */
export interface TriggerKind<Value extends z.ZodType = z.ZodType, Options extends z.ZodObject = z.ZodObject> {
  readonly value: Value;
  readonly options: Options;
  /** As it is written in a file, for errors. */
  readonly example: string;
  readonly trigger: (value: z.output<Value>, options: Partial<z.output<Options>>) => Trigger;
}

const text = z.string().min(1);

const completeSchema = z
  .strictObject({
    marker: z
      .string()
      .regex(/^[\w.=-]{1,200}$/, 'is not the name of a file: letters, digits and "_", "-", ".", "=", at most 200')
      .optional()
      .describe('name of the file that is put into the folder last, e.g. _SUCCESS'),
    count: z.int().min(2).max(10_000).optional().describe('files that make the folder complete'),
  })
  .refine(
    ({ marker, count }) => (marker === undefined) !== (count === undefined),
    refusal('has to say by one of two ways when a folder is complete', {
      allowed: '{ marker: "_SUCCESS" } or { count: 24 }',
      change: 'give either `marker` or `count`',
    }),
  );

const fileOptionsSchema = z
  .strictObject({
    window: z
      .string()
      .refine(
        (given) => durationPattern.test(given) && parseDuration(given) <= day,
        refusal('is not a time that files can be waited for', {
          allowed: '"1 second" to "1 day", e.g. "30 seconds", "5 minutes", "1 hour"',
          change: 'write the number, a space, and second, minute, hour or day',
        }),
      )
      .optional()
      .describe('files that come within this time of the first one are one run, e.g. 5 minutes'),
    atMost: z
      .int()
      .min(2)
      .max(10_000)
      .optional()
      .describe('files after which the run begins before the window is over'),
    complete: completeSchema.optional().describe('the files of each folder are one run, once it is complete'),
    reupload: z
      .enum(['skip', 'run'])
      .optional()
      .describe('a file that comes again with the same content: makes no run (default), or one'),
  })
  .refine(
    ({ window, complete }) => window === undefined || complete === undefined,
    refusal('has a window and a complete set, and a file can be part of one of them', {
      allowed: '`window` or `complete`',
      change: 'leave one of them out',
    }),
  )
  .refine(
    ({ window, atMost }) => atMost === undefined || window !== undefined,
    refusal('limits the files of a window, but has no window', {
      path: ['atMost'],
      allowed: '`atMost` beside `window`',
      change: 'add e.g. window: "5 minutes", or leave `atMost` out',
    }),
  )
  .refine(
    ({ complete, reupload }) => reupload !== 'skip' || !complete || !('marker' in complete),
    refusal('passes over what comes again, but of a folder with a marker nothing is heard but the marker', {
      path: ['reupload'],
      allowed: '"run", which is what a marker does: the run takes each version that lies there and was not taken',
      change:
        'leave it out and let the table merge by a key or replace its partitions, or complete the folder by { count }',
    }),
  );

const file: TriggerKind<z.ZodString, typeof fileOptionsSchema> = {
  value: text,
  options: fileOptionsSchema,
  example: '{ fileArrives: landing/<folder>/ }',
  trigger: (prefix, { window, atMost, complete, reupload }) => {
    const rule: FileRule = {
      prefix,
      ...(reupload === 'run' && { reupload }),
      ...(window !== undefined && {
        window: { seconds: parseDuration(window) / second, ...(atMost !== undefined && { atMost }) },
      }),
      ...(complete && { complete: complete as NonNullable<FileRule['complete']> }),
    };
    return { kind: 'file', ...rule };
  },
};

const noOptions = z.strictObject({});

const everyOptionsSchema = z.strictObject({
  catchUp: z
    .enum(['all', 'latest', 'none'])
    .optional()
    .describe(
      'which times are run that were missed while the pipeline was paused or nothing could run; default "latest"',
    ),
});

function caughtUp(catchUp: 'all' | 'latest' | 'none' | undefined): { catchUp?: 'all' | 'none' } {
  return catchUp === undefined || catchUp === 'latest' ? {} : { catchUp };
}

const every: TriggerKind<z.ZodString, typeof everyOptionsSchema> = {
  value: text,
  options: everyOptionsSchema,
  example: '{ every: 1 day }',
  trigger: (interval, { catchUp }) => ({ kind: 'schedule', expression: `rate(${interval})`, ...caughtUp(catchUp) }),
};

const cronOptionsSchema = everyOptionsSchema.extend({
  zone: z.string().min(1).optional().describe('time zone, e.g. Europe/Berlin; default: UTC'),
});

const cron: TriggerKind<z.ZodString, typeof cronOptionsSchema> = {
  value: text,
  options: cronOptionsSchema,
  example: '{ cron: 0 6 * * ? * }',
  trigger: (expression, { zone, catchUp }) => ({
    kind: 'schedule',
    expression: `cron(${expression})`,
    ...(zone !== undefined && { zone }),
    ...caughtUp(catchUp),
  }),
};

const after: TriggerKind<z.ZodString, typeof noOptions> = {
  value: text,
  options: noOptions,
  example: '{ after: <pipeline> }',
  trigger: (pipeline) => ({ kind: 'pipeline', pipeline }),
};

const filters = z.union([
  z.string().min(1),
  z.array(z.unknown()).describe('values, and filters of EventBridge, e.g. { prefix: eu- }'),
]);

const eventPatternSchema = z.strictObject({
  source: filters.describe('who tells, e.g. com.shop; "penstock" is the bus of runs'),
  detailType: filters.optional().describe('what is told, e.g. OrdersExported'),
  detail: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('content filters of EventBridge over the detail, e.g. { shop: [eu] }'),
});

const event: TriggerKind<typeof eventPatternSchema, typeof noOptions> = {
  value: eventPatternSchema,
  options: noOptions,
  example: '{ event: { source: com.shop, detailType: OrdersExported } }',
  trigger: ({ source, detailType, detail }) => ({
    kind: 'event',
    source: asList(source),
    ...(detailType !== undefined && { detailType: asList(detailType) }),
    ...(detail && { detail }),
  }),
};

function asList(given: z.output<typeof filters>): readonly EventFilter[] {
  return (typeof given === 'string' ? [given] : given) as readonly EventFilter[];
}

/** Triggers by their names, which are those of the authoring functions. */
export const triggerKinds = { fileArrives: file, every, cron, after, event };

export type TriggerName = keyof typeof triggerKinds;
export type TriggerValue<Name extends TriggerName> = z.input<(typeof triggerKinds)[Name]['value']>;
export type TriggerOptions<Name extends TriggerName> = z.input<(typeof triggerKinds)[Name]['options']>;
